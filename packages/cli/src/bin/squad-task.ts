#!/usr/bin/env node
import { main } from '../shell/main.ts';
import { taskProgram } from '../task/program.ts';

await main(taskProgram);
