#!/usr/bin/env node
import { allocateProgram } from '../allocate/program.ts';
import { main } from '../shell/main.ts';

await main(allocateProgram);
