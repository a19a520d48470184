import { Writable } from 'node:stream';
import { EXIT } from '#protocol';
import type { ToolAnswer } from '#mcp';
import { PROGRAMS } from '../programs.ts';
import type { Io } from '../shell/io.ts';
import { run } from '../shell/run.ts';

/** Runs squad programs inside this process. */
export interface ProgramCaller {
  /** A program's verb and arguments; the answer is what `--json` prints. Contention is an answer, not an error. */
  readonly call: (verb: string, args: readonly string[]) => Promise<ToolAnswer>;
  /** Makes all further calls act as this agent. */
  readonly actAs: (agent: string) => void;
}

/** A caller with the server's own folder and environment. */
export function createCaller(io: Io): ProgramCaller {
  let { env } = io;
  return {
    actAs: (agent) => (env = { ...env, AGENT_ID: agent }),
    async call(verb, args) {
      const load = PROGRAMS[verb];
      if (load === undefined)
        return { isError: true, value: { error: { code: 'USAGE', message: `no program ${verb}` } } };
      const stdout = collector();
      const stderr = collector();
      const cwd = env['CLAUDE_PROJECT_DIR'] ?? io.cwd;
      const place = { cwd, env, store: io.store, clock: io.clock, newId: io.newId, stdin: io.stdin };
      const program = await load();
      const world: Io = { ...place, stdout: stdout.stream, stderr: stderr.stream, signal: io.signal };
      const code = await run(program, [...args, '--json'], world);
      return {
        isError: code !== EXIT.done && code !== EXIT.contention,
        value: forTools(valueOf(stdout.text(), stderr.text(), code)),
      };
    },
  };
}

// A model that calls tools sets no environment and passes no option.
function forTools(value: ToolAnswer['value']): ToolAnswer['value'] {
  const { error } = value;
  if (typeof error !== 'object' || error === null || !('code' in error)) return value;
  if (error.code !== 'AGENT_ID_MISSING') return value;
  const hint = 'call whoami with agent: your id, as you were told when this session began';
  return { ...value, error: { ...error, hint } };
}

function valueOf(stdout: string, stderr: string, exitCode: number): ToolAnswer['value'] {
  try {
    const value: unknown = JSON.parse(stdout);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    return { result: value };
  } catch {
    return { exitCode, message: `${stdout}${stderr}`.trim() };
  }
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
