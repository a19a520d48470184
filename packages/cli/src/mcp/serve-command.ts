import { EXIT } from '#protocol';
import { serveOverStdio } from '#mcp';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { version } from '../shell/version.ts';
import { openTools } from './squad-tools.ts';

/** Under 500 characters, because every session of every client pays for it. */
export const INSTRUCTIONS =
  'Several agents share this repository. Start with whoami (name your agent id if you follow a plan). Ask holder before you touch a shared file; claim it, edit, commit, release. A refused edit names who holds the file: wait, ask, or take other work, never write around it. Read inbox when told that messages wait and answer each. Say where you stand with status. kind "held" means: try later.';

/** `squad-mcp`: serves until the client closes standard input. */
export const serveCommand: Command = {
  name: '',
  summary: 'Serve the Model Context Protocol on standard input and output',
  options: {},
  examples: ['squad-mcp'],
  action: serve,
};

async function serve(call: Call): Promise<Outcome> {
  const { io } = call;
  const gone = new AbortController();
  const signal = AbortSignal.any([io.signal, gone.signal]);
  await serveOverStdio({
    version: version(io),
    instructions: INSTRUCTIONS,
    toolsOf: openTools({ ...io, signal }),
    signal: io.signal,
    giveUp: () => gone.abort(),
  });
  return { exitCode: EXIT.done };
}
