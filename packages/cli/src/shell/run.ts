import { PatternError } from '#glob';
import { EXIT, printable, SquadError, type ExitCode } from '#protocol';
import { isSystemError } from '#store';
import { parseLine } from './arguments.ts';
import type { Outcome, Program } from './command.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/**
 * Runs one command line and returns the exit code; the only place that prints. Never throws: a {@link SquadError}
 * becomes message and hint (exit 1, 2 for `USAGE`), anything else is a bug (stack, exit 70).
 */
export async function run(program: Program, argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const { command, call } = parseLine(program, argv, io);
    if (call.flag('version')) return say(io, { exitCode: EXIT.done, text: version(io) }, false);
    if (call.flag('help') || command === undefined) {
      const { renderHelp } = await import('./help.ts');
      const asked = call.flag('help');
      const text = renderHelp(program, command, version(io));
      return say(io, asked ? { exitCode: EXIT.done, text } : { exitCode: EXIT.usage, notice: text }, false);
    }
    return say(io, await command.action(call), call.json);
  } catch (error) {
    return fail(io, error, argv.includes('--json'));
  }
}

function say(io: Io, outcome: Outcome, json: boolean): ExitCode {
  if (outcome.notice !== undefined) io.stderr.write(`${printable(outcome.notice)}\n`);
  if (json) {
    if (outcome.json !== undefined) io.stdout.write(`${JSON.stringify(outcome.json, undefined, 2)}\n`);
  } else if (outcome.text !== undefined && outcome.text !== '') {
    io.stdout.write(`${printable(outcome.text)}\n`);
  }
  return outcome.exitCode;
}

function fail(io: Io, error: unknown, json: boolean): ExitCode {
  const known = error instanceof SquadError ? error : (fromPatternError(error) ?? fromSystemError(error));
  if (known === undefined) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (json)
      io.stdout.write(`${JSON.stringify({ error: { code: 'BUG', message: stack } }, undefined, 2)}\n`);
    io.stderr.write(`this is a bug in dotsquad, please report it:\n${printable(stack)}\n`);
    return EXIT.bug;
  }
  const { code, message, hint, data } = known;
  if (json) io.stdout.write(`${JSON.stringify({ error: { code, message, hint, data } }, undefined, 2)}\n`);
  else
    io.stderr.write(`${printable(`error ${code}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`)}\n`);
  return code === 'USAGE' ? EXIT.usage : EXIT.failed;
}

function fromPatternError(error: unknown): SquadError | undefined {
  if (!(error instanceof PatternError)) return undefined;
  const { code, message, hint, at } = error;
  return new SquadError({
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    data: { at },
    cause: error,
  });
}

// A full disk, a read-only folder or a missing permission is the user's to cure, not a bug.
function fromSystemError(error: unknown): SquadError | undefined {
  if (!isSystemError(error) || error.syscall === undefined) return undefined;
  const writing =
    error.code !== 'ENOENT' && /write|mkdir|rename|link|unlink|rmdir|fsync/u.test(error.syscall);
  return new SquadError({
    code: writing ? 'FILE_UNWRITABLE' : 'FILE_UNREADABLE',
    message: error.message,
    hint: 'check the path, its permissions and the free space of its disk',
    data: { path: error.path, systemCode: error.code },
    cause: error,
  });
}
