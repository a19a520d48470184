#!/usr/bin/env node
import { doctorProgram } from '../doctor/program.ts';
import { main } from '../shell/main.ts';

await main(doctorProgram);
