#!/usr/bin/env node
import { main } from '../shell/main.ts';
import { worktreeProgram } from '../worktree/program.ts';

await main(worktreeProgram);
