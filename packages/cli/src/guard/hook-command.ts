import { join } from 'node:path';
import { EXIT, SquadError } from '#protocol';
import { findSquadHome, openJournal } from '#store';
import {
  answerHook,
  CLIENTS,
  decodeHook,
  detectClient,
  parseClient,
  renderAnswer,
  type Client,
  type GuardEvent,
  type HookAnswer,
  type HookRequest,
} from '#guard';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { readInput } from './read-input.ts';

const SUMMARY: Readonly<Record<GuardEvent, string>> = {
  'session-start': 'a session begins: register it, tell it who it is and who else works',
  prompt: 'before the model goes on: new messages, each once',
  'pre-tool': 'before an edit or shell command: allow it and take the leases, or refuse',
  'post-tool': 'after it: record what changed, renew leases, give operations back',
  stop: 'the agent wants to stop: one reminder when a task is open or a handoff waits',
  'session-end': 'a session ends: release its leases, mark it gone',
};

const OPTIONS: Command['options'] = {
  client: { kind: 'value', value: 'NAME', summary: `${CLIENTS.join(', ')} (default: told by the input)` },
};

/** `squad-guard <event>`: answers one hook of a client, whose JSON stands on standard input, in the form it honours. */
export function hookCommand(event: GuardEvent): Command {
  return {
    name: event,
    summary: SUMMARY[event],
    options: OPTIONS,
    examples: [`squad-guard ${event} --client codex < hook.json`],
    action: (call) => answer(call, event),
  };
}

async function answer(call: Call, event: GuardEvent): Promise<Outcome> {
  const client = clientOption(call);
  const { cwd, env, store, clock, newId } = call.io;
  let request: HookRequest | undefined;
  try {
    const input = await readInput(call.io);
    if (input === undefined) return noInput(event);
    const decoded = decodeHook(input, { event, client, cwd, env });
    if (!decoded.ok) throw new SquadError({ code: 'INPUT_INVALID', message: decoded.error });
    request = decoded.value;
    return outcomeOf(renderAnswer(await answerHook({ store, clock, newId, env }, request), request));
  } catch (error) {
    return outcomeOf(answerFailure(call, { event, client, request, error }));
  }
}

function noInput(event: GuardEvent): Outcome {
  return {
    exitCode: EXIT.usage,
    notice: `squad-guard ${event} reads a client's hook JSON from standard input; clients call it\n  to see whether it works run: squad-doctor`,
  };
}

function clientOption(call: Call): Client | undefined {
  const name = call.value('client');
  if (name === undefined) return undefined;
  const client = parseClient(name);
  if (client !== undefined) return client;
  throw new SquadError({
    code: 'USAGE',
    message: `there is no client "${name}"`,
    hint: `one of: ${CLIENTS.join(', ')}`,
  });
}

function outcomeOf({ exitCode, stdout, stderr }: HookAnswer): Outcome {
  return {
    exitCode,
    ...(stdout === '' ? {} : { text: stdout.trimEnd() }),
    ...(stderr === '' ? {} : { notice: stderr.trimEnd() }),
  };
}

interface Failure {
  readonly event: GuardEvent;
  readonly client: Client | undefined;
  readonly request: HookRequest | undefined;
  readonly error: unknown;
}

// An internal failure: with `guard.onFailure: strict` the tool is refused and the reason said; else it goes ahead, and
// the journal has it. Only before a tool is there anything to refuse.
function answerFailure(call: Call, failure: Failure): HookAnswer {
  const { cwd, env, store, clock, newId } = call.io;
  const { request, error } = failure;
  const client = failure.client ?? request?.client ?? detectClient({}, env);
  const event = request?.event ?? failure.event;
  const home = findSquadHome(store, request?.cwd ?? cwd, env);
  if (home === undefined) return { exitCode: EXIT.done, stdout: '', stderr: '' };
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof SquadError && error.hint !== undefined ? `\n  ${error.hint}` : '';
  const isRefused = event === 'pre-tool' && isStrict(call, home.squadDir);
  openJournal({ store, squadDir: home.squadDir, clock, newId }).record({
    kind: 'guard.failed',
    agent: env['AGENT_ID'] ?? 'unnamed',
    data: { client, event, message, refused: isRefused },
  });
  const reason = `squad: the guard could not check this: ${message}${hint}`;
  if (!isRefused) return { exitCode: EXIT.done, stdout: '', stderr: `${reason}\n` };
  const text = `${reason}\n  refused because guard.onFailure is strict in .squad/config.yaml; see: squad-doctor`;
  return renderAnswer({ kind: 'deny', reason: text }, { client, event, hookName: request?.hookName ?? '' });
}

// Read from the text itself, because unreadable settings may be the failure.
function isStrict(call: Call, squadDir: string): boolean {
  const text = call.io.store.readText(join(squadDir, 'config.yaml')) ?? '';
  return /^[^#\n]*\bonFailure:\s*["']?strict\b/mu.test(text);
}
