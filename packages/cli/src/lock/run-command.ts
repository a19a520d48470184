import type { ChildProcess } from 'node:child_process';
import { EXIT, SquadError } from '#protocol';
import { identifyProcess } from '#store';
import { requireFilesystem, type Locks } from '#lock';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { whoAmI } from '../shell/squad.ts';
import { acquireCommand, present, requestOf } from './acquire.ts';
import { durationOption, openLocksFor, resourcesOf } from './open-locks.ts';

const { pid: _pid, session: _session, ...OPTIONS } = acquireCommand.options;

/** `squad-lock run`. */
export const runCommand: Command = {
  name: 'run',
  summary: 'Run a command while holding leases; they are renewed meanwhile and released after',
  positionals: '<path…>',
  minPositionals: 1,
  takesRest: true,
  options: OPTIONS,
  examples: ['squad-lock run op:migrate --wait 5m -- npm run migrate'],
  action: runAction,
};

async function runAction(call: Call): Promise<Outcome> {
  const agent = whoAmI(call);
  const [command, ...args] = call.rest;
  if (command === undefined)
    throw new SquadError({
      code: 'USAGE',
      message: 'squad-lock run needs a command after --',
      hint: 'squad-lock run op:git -- git gc',
    });
  const { locks, squad, ttlMs } = await openLocksFor(call);
  requireFilesystem({ ...squad, store: call.io.store, newId: call.io.newId });
  const holder = identifyProcess(process.pid);
  const session = `run-${call.io.newId()}`;
  const asked = requestOf(call, { agent, ttlMs, names: resourcesOf(call, squad) });
  const request = { ...asked, session, ...(holder === undefined ? {} : { holder }) };
  const waitMs = durationOption(call, 'wait', 0);
  const outcome =
    waitMs > 0
      ? await locks.acquireWaiting(request, { waitMs, signal: call.io.signal })
      : locks.acquire(request);
  if (outcome.kind !== 'acquired') return present(outcome, call.positionals);
  const tokens = [...new Set(outcome.leases.map(({ token }) => token))];
  const names = request.resources.map(({ name }) => name);
  try {
    return await guardCommand(call, [command, ...args], {
      locks,
      agent,
      session,
      names,
      tokens,
      ttlMs: request.ttlMs ?? ttlMs,
    });
  } finally {
    locks.release({ agent, session, resources: names });
  }
}

interface Held {
  readonly locks: Locks;
  readonly agent: string;
  readonly session: string;
  readonly names: readonly string[];
  readonly tokens: readonly number[];
  readonly ttlMs: number;
}

async function guardCommand(call: Call, words: readonly [string, ...string[]], held: Held): Promise<Outcome> {
  const [command, ...args] = words;
  // Loaded only here: it would cost every other command a tenth of its start.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(command, args, {
    cwd: call.io.cwd,
    stdio: 'inherit',
    env: { ...call.io.env, AGENT_ID: held.agent, SQUAD_LOCK_TOKENS: held.tokens.join(',') },
  });
  let lost: readonly string[] = [];
  const stop = (): void => void child.kill('SIGTERM');
  const renewal = setInterval(
    () => {
      lost = held.locks.renew({ agent: held.agent, session: held.session, resources: held.names }).missing;
      if (lost.length > 0) stop();
    },
    Math.max(50, held.ttlMs / 3),
  );
  call.io.signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await exitOf(child, command);
    if (lost.length === 0) return { exitCode: code };
    return {
      exitCode: EXIT.failed,
      notice: `the lease on ${lost.join(', ')} was lost while the command ran, so it was stopped: do not trust its result`,
    };
  } finally {
    clearInterval(renewal);
    call.io.signal.removeEventListener('abort', stop);
  }
}

function exitOf(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new SquadError({
          code: 'COMMAND_FAILED',
          message: `"${command}" could not be started: ${cause.message}`,
          hint: 'check its name and PATH',
          cause,
        }),
      ),
    );
    // As a shell reports it: 128 and the signal's number.
    child.on('close', (code, signal) => {
      const { constants } = process.getBuiltinModule('node:os');
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
