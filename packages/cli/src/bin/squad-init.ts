#!/usr/bin/env node
import { initProgram } from '../init/program.ts';
import { main } from '../shell/main.ts';

await main(initProgram);
