#!/usr/bin/env node
import { main } from '../shell/main.ts';
import { syncProgram } from '../sync/program.ts';

await main(syncProgram);
