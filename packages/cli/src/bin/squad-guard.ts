#!/usr/bin/env node
import { guardProgram } from '../guard/program.ts';
import { main } from '../shell/main.ts';

void main(guardProgram);
