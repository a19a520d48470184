import type { Program } from '../shell/command.ts';
import { serveCommand } from './serve-command.ts';

/** `squad-mcp`. */
export const mcpProgram: Program = {
  name: 'squad-mcp',
  summary: 'The squad commands as an MCP server on standard input and output',
  commands: [serveCommand],
};
