import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { SquadTool } from './tool.ts';

/** How the server presents itself. */
export interface ServerFace {
  readonly version: string;
  /** Shown to the model once; under 500 characters. */
  readonly instructions: string;
  /** The same tools for every session; `undefined` is that of the server's own environment. */
  readonly toolsOf: (session: string | undefined) => readonly SquadTool[];
  /** Ends the serving, as does the client by closing the input. */
  readonly signal: AbortSignal;
  /** Nobody listens any more: calls that wait give up. */
  readonly giveUp: () => void;
}

/**
 * Serves the tools over standard input and output until the client closes it or dies; calls that still wait then give up first. A call that fails is an answer with
 * `isError`, never a protocol error; standard output carries nothing but the protocol.
 */
export async function serveOverStdio(face: ServerFace): Promise<void> {
  const server = new McpServer({ name: 'squad', version: face.version }, { instructions: face.instructions });
  const running = new Set<Promise<unknown>>();
  for (const tool of face.toolsOf(undefined)) {
    const { name, title, description, input, isReadOnly, isIdempotent } = tool;
    const annotations = {
      readOnlyHint: isReadOnly,
      destructiveHint: false,
      idempotentHint: isIdempotent,
      openWorldHint: false,
    };
    server.registerTool(
      name,
      { title, description, inputSchema: input, annotations },
      async (given, { mcpReq }) => {
        const asked = face.toolsOf(sessionIn(mcpReq._meta)).find((other) => other.name === name) ?? tool;
        const call = asked.run(given);
        running.add(call);
        const { isError, value } = await call.finally(() => running.delete(call));
        return {
          isError,
          content: [{ type: 'text', text: JSON.stringify(value) }],
          structuredContent: { ...value },
        };
      },
    );
  }
  await server.connect(new StdioServerTransport());
  // Answers for nobody must not end the process before it has given back what it waits for.
  process.stdout.on('error', () => {});
  await new Promise<void>((resolve) => {
    process.stdin.once('close', resolve).once('end', resolve);
    face.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  face.giveUp();
  await Promise.allSettled(running);
}

// Codex starts the server without the session in its environment, and names it in each call.
function sessionIn(meta: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const id = meta?.['sessionId'];
  return typeof id === 'string' && id !== '' && id.length <= 200 ? id : undefined;
}
