#!/usr/bin/env node
import { mergeProgram } from '../merge/program.ts';
import { main } from '../shell/main.ts';

await main(mergeProgram);
