import { EXIT, parseAgentId, pasteableWord, renderDuration, SquadError } from '#protocol';
import {
  displayResource,
  lossLine,
  requireFilesystem,
  type AcquireOutcome,
  type AcquireRequest,
  type Obstacle,
} from '#lock';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whoAmI } from '../shell/squad.ts';
import {
  durationOption,
  holderOf,
  HOLDER_OPTIONS,
  openLocksFor,
  resourcesOf,
  sessionOf,
} from './open-locks.ts';
import { holdWarning, leaseJson, leaseLine, lossJson, obstacleJson, obstacleLine } from './words.ts';

/** `squad-lock acquire`. */
export const acquireCommand: Command = {
  name: 'acquire',
  summary: 'Take leases on files, folders, patterns or named things: all of them or none',
  positionals: '<path…>',
  minPositionals: 1,
  options: {
    ...AGENT_OPTION,
    ttl: {
      kind: 'value',
      value: 'DURATION',
      summary: 'how long the lease lasts unless renewed (default 30m)',
    },
    wait: { kind: 'value', value: 'DURATION', summary: 'wait in the queue for at most this long' },
    purpose: { kind: 'value', value: 'TEXT', summary: 'what for; shown to others' },
    'handoff-to': { kind: 'value', value: 'ID', summary: 'reserve it for this agent when it is released' },
    shared: { kind: 'flag', summary: 'to read: many may hold it shared, none exclusively' },
    'unsafe-fs': {
      kind: 'flag',
      summary: 'take leases, now and later, although the file system does not give the guarantees',
    },
    ...HOLDER_OPTIONS,
  },
  examples: [
    'squad-lock acquire shared/types/metrics.ts --purpose "add latency fields"',
    'squad-lock acquire src/api/ op:migrate --wait 2m --ttl 10m',
  ],
  action: acquireAction,
};

async function acquireAction(call: Call): Promise<Outcome> {
  const agent = whoAmI(call);
  const { locks, squad, ttlMs } = await openLocksFor(call);
  const names = resourcesOf(call, squad);
  const insist = call.flag('unsafe-fs') ? { agent } : undefined;
  requireFilesystem({ ...squad, store: call.io.store, newId: call.io.newId }, insist);
  const request = requestOf(call, { agent, ttlMs, names });
  const waitMs = durationOption(call, 'wait', 0);
  const outcome =
    waitMs > 0
      ? await locks.acquireWaiting(request, { waitMs, signal: call.io.signal })
      : locks.acquire(request);
  return present(outcome, call.positionals);
}

/** The request that the options of `acquire` and `run` make. */
export function requestOf(
  call: Call,
  from: { readonly agent: string; readonly ttlMs: number; readonly names: readonly string[] },
): AcquireRequest {
  const purpose = call.value('purpose');
  const mode = call.flag('shared') ? ('shared' as const) : ('exclusive' as const);
  return {
    agent: from.agent,
    resources: from.names.map((name) => ({ name, mode })),
    ttlMs: durationOption(call, 'ttl', from.ttlMs),
    ...(purpose === undefined ? {} : { purpose }),
    ...receiverOf(call),
    ...sessionOf(call),
    ...holderOf(call),
  };
}

function receiverOf(call: Call): { handoffTo?: string } {
  const text = call.value('handoff-to');
  if (text === undefined) return {};
  const parsed = parseAgentId(text);
  if (parsed.ok) return { handoffTo: parsed.value };
  throw new SquadError({
    code: 'AGENT_ID_INVALID',
    message: `--handoff-to: ${parsed.error}`,
    hint: 'as in agent-2-backend',
  });
}

/** What an attempt to acquire what was typed says to people and programs. */
export function present(outcome: AcquireOutcome, typed: readonly string[]): Outcome {
  switch (outcome.kind) {
    case 'acquired': {
      const { leases, tookOver, notices } = outcome;
      const warnings = [...notices.map((loss) => `warning: ${lossLine(loss)}`), ...holdWarning(leases)];
      return {
        exitCode: EXIT.done,
        json: {
          kind: 'acquired',
          leases: leases.map(leaseJson),
          ...(tookOver.length === 0 ? {} : { tookOver: tookOver.map(lossJson) }),
        },
        text: [
          ...leases.map((lease) => `acquired ${leaseLine(lease)}`),
          ...tookOver.map(
            ({ resource, agent, why }) =>
              `took over ${resource} from ${agent} (${why === 'dead' ? 'its process is gone' : why})`,
          ),
        ].join('\n'),
        ...(warnings.length === 0 ? {} : { notice: warnings.join('\n') }),
      };
    }
    case 'held':
    case 'timeout':
    case 'aborted':
      return presentHeld(outcome, typed);
    case 'deadlock':
      return {
        exitCode: EXIT.contention,
        json: { kind: 'deadlock', cycle: outcome.cycle, message: outcome.words },
        text: `refused: waiting would never end: ${outcome.words}\n  release what you hold, then acquire everything in one command: squad-lock release --all`,
      };
  }
}

function presentHeld(
  outcome: Extract<AcquireOutcome, { kind: 'held' | 'timeout' | 'aborted' }>,
  typed: readonly string[],
): Outcome {
  const next = nextCommands(outcome, typed);
  const first = outcome.kind === 'held' ? [] : [`not acquired after ${renderDuration(outcome.waitedMs)}`];
  const { holders } = outcome;
  return {
    exitCode: EXIT.contention,
    json: {
      kind: outcome.kind,
      holders: holders.map(obstacleJson),
      next,
      ...(outcome.kind === 'held' ? {} : { waitedMs: outcome.waitedMs }),
    },
    text: [
      ...first,
      ...holders.map((holder) => `held: ${obstacleLine(holder)}`),
      ...next.map((line) => `  ${line}`),
    ].join('\n'),
  };
}

function nextCommands(
  { holders }: { readonly holders: readonly Obstacle[] },
  typed: readonly string[],
): string[] {
  // As they were typed they mean the same again, in whatever folder that was.
  const paths = typed.map(pasteableWord).join(' ');
  const leftMs = Math.max(
    0,
    ...holders.filter(({ kind }) => kind !== 'ticket').map(({ remainingMs }) => remainingMs),
  );
  const wait = renderDuration(Math.max(60_000, Math.ceil(leftMs / 60_000) * 60_000)).replaceAll(' ', '');
  const agents = [...new Set(holders.map(({ agent }) => agent))];
  return [
    `squad-lock acquire ${paths} --wait ${wait}`,
    ...agents.map(
      (agent) =>
        `squad-comms ask ${agent} ${quoted(`when will ${displayResource(holders[0]?.wanted ?? '')} be free?`)}`,
    ),
    'squad-lock list --waiting',
  ];
}

// In double quotes unless a shell would read something in them.
function quoted(text: string): string {
  return /["$`\\!]/u.test(text) ? pasteableWord(text) : `"${text}"`;
}
