import {
  becomeCoordinator,
  readCoordinator,
  renderStatus,
  runLoop,
  type CoordinatorRecord,
  type Instance,
  type StatusRecord,
} from '#coordinator';
import { EXIT, parseDuration, SquadError, type ExitCode } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { openCoordinator } from './open-coordinator.ts';
import { openView } from './watch-view.ts';

/** `squad-sync` without a verb. */
export const watchCommand: Command = {
  name: '',
  summary: 'Watch the agents: once, or until stopped',
  options: {
    once: { kind: 'flag', summary: 'look once, act, report, and exit 0, or 1 if there are conflicts' },
    watch: { kind: 'flag', summary: 'go on until stopped (default)' },
    interval: {
      kind: 'value',
      value: 'DURATION',
      summary: 'look at least this often (default: sync.interval)',
    },
    'no-act': {
      kind: 'flag',
      summary: 'change nothing and write nothing; works beside a running coordinator',
    },
  },
  examples: ['squad-sync --once --json', 'squad-sync --watch --interval 5s'],
  action: sync,
};

async function sync(call: Call): Promise<Outcome> {
  const once = call.flag('once');
  if (once && call.flag('watch')) {
    throw new SquadError({
      code: 'USAGE',
      message: '--once and --watch exclude each other',
      hint: 'give one of them',
    });
  }
  const acts = !call.flag('no-act');
  const { store, clock } = call.io;
  const { squadDir } = openSquad(call.io);
  const instance: Instance = acts
    ? await becomeCoordinator({
        store,
        squadDir,
        clock,
        command: once ? 'squad-sync --once' : 'squad-sync --watch',
      })
    : { kind: 'mine', isMine: () => true, release: async () => {} };
  if (instance.kind === 'taken') return taken(instance.by);
  try {
    return once ? await lookOnce(call, acts) : await watch(call, { acts, isMine: instance.isMine });
  } finally {
    await instance.release();
  }
}

function taken(by: CoordinatorRecord | undefined): Outcome {
  const who =
    by === undefined
      ? 'another coordinator'
      : `process ${by.pid} on ${by.host} since ${by.since} (${by.command})`;
  return {
    exitCode: EXIT.contention,
    json: { kind: 'running', by: by ?? null },
    notice: `${who} coordinates this repository\n  to look without acting: squad-sync --once --no-act`,
  };
}

async function lookOnce(call: Call, acts: boolean): Promise<Outcome> {
  const { tick } = await openCoordinator(call, { acts, writes: acts });
  const { record } = await tick(0);
  return { exitCode: exitCodeOf(record), json: record, text: renderStatus(record).trimEnd() };
}

function exitCodeOf(record: StatusRecord): ExitCode {
  return record.conflicts.length > 0 ? EXIT.failed : EXIT.done;
}

async function watch(call: Call, run: { acts: boolean; isMine: () => boolean }): Promise<Outcome> {
  const { io } = call;
  const open = await openCoordinator(call, { acts: run.acts, writes: run.acts });
  const quit = new AbortController();
  const view = openView(call, { ...open, quit: () => quit.abort() });
  const end = await runLoop({
    squadDir: open.squad.squadDir,
    intervalMs: intervalOf(call.value('interval') ?? open.config.sync.interval),
    signal: AbortSignal.any([io.signal, quit.signal]),
    tick: open.tick,
    onTick: view.show,
    mayGoOn: run.isMine,
  }).finally(view.close);
  return end === 'stopped' ? { exitCode: EXIT.done } : taken(readCoordinator(io.store, open.squad.squadDir));
}

function intervalOf(text: string): number {
  const duration = parseDuration(text);
  if (duration.ok && duration.value >= 50) return duration.value;
  throw new SquadError({
    code: 'DURATION_INVALID',
    message: duration.ok ? 'the interval is shorter than 50ms' : duration.error,
    hint: 'as --interval 2s',
  });
}
