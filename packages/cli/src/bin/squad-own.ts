#!/usr/bin/env node
import { ownProgram } from '../own/program.ts';
import { main } from '../shell/main.ts';

await main(ownProgram);
