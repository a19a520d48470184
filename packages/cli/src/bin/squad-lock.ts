#!/usr/bin/env node
import { lockProgram } from '../lock/program.ts';
import { main } from '../shell/main.ts';

void main(lockProgram);
