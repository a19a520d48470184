import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { SquadTool } from './tool.ts';

/** How the server presents itself. */
export interface ServerFace {
  readonly version: string;
  /** Shown to the model once; under 500 characters. */
  readonly instructions: string;
  readonly tools: readonly SquadTool[];
}

/**
 * Serves the tools over standard input and output until the client closes it. A call that fails is an answer with
 * `isError`, never a protocol error; standard output carries nothing but the protocol.
 */
export async function serveOverStdio(face: ServerFace): Promise<void> {
  const server = new McpServer({ name: 'squad', version: face.version }, { instructions: face.instructions });
  for (const tool of face.tools) {
    const { name, title, description, input, isReadOnly, isIdempotent } = tool;
    const annotations = {
      readOnlyHint: isReadOnly,
      destructiveHint: false,
      idempotentHint: isIdempotent,
      openWorldHint: false,
    };
    server.registerTool(name, { title, description, inputSchema: input, annotations }, async (given) => {
      const { isError, value } = await tool.run(given);
      return {
        isError,
        content: [{ type: 'text', text: JSON.stringify(value) }],
        structuredContent: { ...value },
      };
    });
  }
  await server.connect(new StdioServerTransport());
  await new Promise<void>((resolve) => process.stdin.once('close', resolve).once('end', resolve));
}
