import { join } from 'node:path';
import { renderInstant, SquadError } from '#protocol';
import { runAttempts, type Backoff } from '../attempts.ts';
import { createCommandClient } from '../client/command-client.ts';
import { runPool } from '../pool.ts';
import { onFreePort } from './free-port.ts';
import { createRunBook, type RunBook } from '../record/run-book.ts';
import type { ItemRecord } from '../record/run-record.ts';
import { runAgent, type AgentSpec } from '../run-agent.ts';
import type { RunHome } from '../plans/run-home.ts';
import type { Finding } from './finding.ts';
import type { LensReport } from './lens.ts';

/** A test command under a name. */
export interface Environment {
  readonly name: string;
  readonly command: string;
}

/** Environments to test in. */
export interface MatrixPlan {
  readonly environments: readonly Environment[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly maxConcurrent: number;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly retries: number;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
  readonly hardSignal?: AbortSignal;
  readonly onChange?: (item: ItemRecord) => void;
}

/**
 * Runs every environment's command, each with a temporary folder of its own (`TMPDIR`) and a port that nobody else in
 * the repository has (`PORT`, held as the lease `port:<n>` meanwhile). One that fails stops no other.
 */
export async function runMatrix(home: RunHome, plan: MatrixPlan): Promise<LensReport> {
  const { store, clock, newId } = home;
  refuseDoubles(plan.environments);
  const book = createRunBook(store, home.home.squadDir, {
    version: 1,
    id: newId(),
    kind: 'lens',
    createdAt: renderInstant(clock.wallMs(), 'milliseconds'),
    command: 'test',
    cwd: plan.cwd,
    items: plan.environments.map(({ name }) => name),
  });
  await runPool({
    items: plan.environments.map((environment) => ({ key: environment.name, after: [], environment })),
    maxConcurrent: plan.maxConcurrent,
    isClosed: () => plan.signal.aborted,
    run: ({ environment }) => runEnvironment(home, plan, { book, environment }),
  });
  const items = book.run.items.map((key) => book.item(key));
  const findings = items.filter(({ state }) => state === 'failed').map((item) => findingOf(book, item));
  const verdicts = items.map(({ key, state, reason }) => ({
    name: key,
    isComplete: state === 'done' || state === 'failed',
    count: state === 'failed' ? 1 : 0,
    ...(reason && { reason }),
  }));
  return { id: book.run.id, findings, verdicts, spentUsd: 0 };
}

async function runEnvironment(
  home: RunHome,
  plan: MatrixPlan,
  { book, environment }: { book: RunBook; environment: Environment },
): Promise<'done' | 'failed'> {
  const { name } = environment;
  const folder = join(book.folder, 'tmp', name);
  home.store.makeFolder(folder);
  const write = (item: ItemRecord): void => {
    book.write(item);
    plan.onChange?.(item);
  };
  const log = join(book.folder, 'logs', `${name}.log`);
  const work = async (port: number): Promise<'done' | 'failed'> => {
    const spec = environmentSpec(plan, environment, { folder, port, log });
    const { end, item } = await runAttempts(
      {
        item: { ...book.item(name), log: spec.logPath },
        retries: 0,
        signal: plan.signal,
        write,
        run: (onStart) => runAgent({ ...spec, onStart }, home),
      },
      { clock: home.clock, random: home.random, backoff: plan.backoff },
    );
    book.writeAnswer(name, end.text);
    const state = end.ok ? 'done' : end.isStopped ? 'pending' : 'failed';
    write({ ...item, state, ...(end.ok ? {} : { reason: end.reason }) });
    return end.ok ? 'done' : 'failed';
  };
  try {
    return await onFreePort(home, `test-${name}-${book.run.id.slice(-8)}`, work);
  } finally {
    home.store.removeFolder(folder);
  }
}

function environmentSpec(
  plan: MatrixPlan,
  { name, command }: Environment,
  own: { readonly folder: string; readonly port: number; readonly log: string },
): AgentSpec {
  const { folder, port, log } = own;
  const shell = { file: '/bin/sh', args: ['-c', command] };
  return {
    client: { ...createCommandClient('{prompt}'), commandLine: () => shell },
    request: { prompt: '', agent: `test-${name}`, cwd: plan.cwd, permissions: { level: 'full', tools: [] } },
    env: {
      ...plan.env,
      TMPDIR: folder,
      TMP: folder,
      TEMP: folder,
      PORT: String(port),
      SQUAD_PORT: String(port),
    },
    logPath: log,
    timeoutMs: plan.timeoutMs,
    graceMs: plan.graceMs,
    signal: plan.signal,
    ...(plan.hardSignal && { hardSignal: plan.hardSignal }),
  };
}

function refuseDoubles(environments: readonly Environment[]): void {
  const names = environments.map(({ name }) => name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined)
    throw new SquadError({ code: 'USAGE', message: `there are two environments "${double}"` });
}

function findingOf(book: RunBook, { key, reason, log }: ItemRecord): Finding {
  const tail = book.answer(key).trim().split('\n').slice(-15).join('\n');
  return {
    severity: 'error',
    rule: 'tests-fail',
    message: [`${key}: ${reason ?? 'failed'}`, tail, `log: ${log ?? ''}`]
      .filter((part) => part !== '')
      .join('\n'),
    by: [key],
  };
}
