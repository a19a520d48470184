#!/usr/bin/env node
import { mcpProgram } from '../mcp/program.ts';
import { main } from '../shell/main.ts';

await main(mcpProgram);
