#!/usr/bin/env node
import { commsProgram } from '../comms/program.ts';
import { main } from '../shell/main.ts';

await main(commsProgram);
