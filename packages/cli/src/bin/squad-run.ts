#!/usr/bin/env node
import { runProgram } from '../run/program.ts';
import { main } from '../shell/main.ts';

await main(runProgram);
