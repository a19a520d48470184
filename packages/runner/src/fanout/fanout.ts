import { join } from 'node:path';
import type { Clock } from '#protocol';
import type { Store } from '#store';
import { runAttempts, type AttemptPorts } from '../attempts.ts';
import { createBudget, type BudgetLimits } from '../budget.ts';
import type { AgentEvent } from '../client/agent-event.ts';
import type { Client } from '../client/client.ts';
import type { LeaseKeeper } from '../leases.ts';
import { runPool, type PoolOutcome } from '../pool.ts';
import { takeOverInterrupted } from '../record/interrupted.ts';
import type { RunBook } from '../record/run-book.ts';
import type { ItemRecord } from '../record/run-record.ts';
import { priceFor, requireKeepable, type Prices } from '../price.ts';
import { runAgent, type AgentEnd } from '../run-agent.ts';
import { copyAside, putBack } from './file-copy.ts';

/** One file (or any word) of the list. */
export interface FanoutItem {
  /** As given on the command line; unique. */
  readonly key: string;
  /** Absolute path, when the item names something in the checkout. */
  readonly path: string;
  /** Its name as a lease. */
  readonly resource: string;
  readonly after: readonly string[];
}

/** How a list is worked through. */
export interface FanoutPlan {
  readonly book: RunBook;
  readonly items: readonly FanoutItem[];
  readonly client: (item: FanoutItem) => Client;
  /** Shell command that shows one item done; attributed to it. */
  readonly verify?: (item: FanoutItem) => Client;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly agent: string;
  readonly maxConcurrent: number;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly budget: BudgetLimits;
  /** For clients that tell tokens only. */
  readonly prices: Prices;
  readonly signal: AbortSignal;
  readonly hardSignal?: AbortSignal;
  readonly onChange?: (item: ItemRecord) => void;
  readonly onEvent?: (item: FanoutItem, event: AgentEvent) => void;
}

/** What the work needs of the world. */
export interface FanoutPorts extends AttemptPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly leases: LeaseKeeper;
}

/** The list, worked through as far as it went. */
export interface FanoutReport {
  readonly id: string;
  readonly items: readonly ItemRecord[];
  readonly spentUsd: number;
  /** Why not everything was tried, if so. */
  readonly stopped: string | undefined;
}

/**
 * Runs the command once for each item that is not done yet. An item is backed up before, verified after, and put back
 * as it was when it fails; what it looked like then is kept beside the run. Finished items are never run again.
 */
export async function runFanout(plan: FanoutPlan, ports: FanoutPorts): Promise<FanoutReport> {
  const { book } = plan;
  for (const item of plan.items) requireKeepable(plan.client(item), plan.budget, plan.prices);
  const finished = new Set(
    plan.items.filter(({ key }) => book.item(key).state === 'done').map(({ key }) => key),
  );
  const interrupted = new Set<string>();
  for (const { key } of plan.items)
    if (await takeOverInterrupted(book, key, plan.graceMs)) interrupted.add(key);
  const spent = plan.items
    .flatMap(({ key }) => book.item(key).attempts)
    .reduce((sum, one) => sum + (one.costUsd ?? 0), 0);
  const budget = createBudget(plan.budget, spent);
  const write = (item: ItemRecord): void => {
    book.write(item);
    plan.onChange?.(item);
  };
  await runPool({
    items: plan.items
      .filter(({ key }) => !finished.has(key))
      .map((item) => ({ ...item, after: item.after.filter((key) => !finished.has(key)) })),
    maxConcurrent: plan.maxConcurrent,
    isClosed: () => plan.signal.aborted || budget.openedBy() !== undefined,
    onBlocked(item, because) {
      if (book.item(because).state === 'pending') return;
      write({ ...book.item(item.key), state: 'failed', reason: `waits for ${because}, which failed` });
    },
    run: (item) => runItem(item, { plan, ports, write, note: budget.note, interrupted }),
  });
  return {
    id: book.run.id,
    items: plan.items.map(({ key }) => book.item(key)),
    spentUsd: budget.spentUsd(),
    stopped: plan.signal.aborted ? 'stopped on request' : budget.openedBy(),
  };
}

interface Work {
  readonly plan: FanoutPlan;
  readonly ports: FanoutPorts;
  readonly write: (item: ItemRecord) => void;
  readonly note: (end: AgentEnd) => void;
  readonly interrupted: ReadonlySet<string>;
}

async function runItem(item: FanoutItem, work: Work): Promise<PoolOutcome> {
  const { plan, ports, write } = work;
  const held = await ports.leases.hold(
    { agent: plan.agent, resources: [item.resource], purpose: `fanout ${plan.book.run.id}` },
    () => runHeldItem(item, work),
  );
  if (held.kind === 'done') return held.value;
  write({ ...plan.book.item(item.key), state: 'failed', reason: `held by ${held.by}` });
  return 'failed';
}

async function runHeldItem(item: FanoutItem, work: Work): Promise<PoolOutcome> {
  const { plan, ports, write } = work;
  const place = plan.book.run.items.indexOf(item.key) + 1;
  const name = String(place).padStart(4, '0');
  const log = join(plan.book.folder, 'logs', `${name}.log`);
  const copy = { target: item.path, copy: join(plan.book.folder, 'before', name) };
  const failed = join(plan.book.folder, 'failed', name);
  // What a dead runner's agent left half done is not the state to go back to.
  if (work.interrupted.has(item.key)) putBack(ports.store, copy, failed);
  copyAside(ports.store, copy);
  const attempts = await runAttempts(
    {
      item: { ...plan.book.item(item.key), log },
      retries: plan.retries,
      signal: plan.signal,
      write,
      run: (onStart) =>
        runAgent(
          {
            ...specOf(plan, plan.client(item), log),
            onStart: (identity) => onStart(identity),
            onEvent: (event) => plan.onEvent?.(item, event),
          },
          ports,
        ),
    },
    ports,
  );
  work.note(attempts.end);
  const problem = attempts.end.ok ? await verifyProblem(item, work, log) : attempts.end.reason;
  if (problem === undefined) {
    write({ ...attempts.item, state: 'done' });
    return 'done';
  }
  putBack(ports.store, copy, failed);
  // Stopped on request is no judgement on the item: the rest may resume it.
  const state = attempts.end.isStopped || (plan.signal.aborted && !attempts.end.ok) ? 'pending' : 'failed';
  write({ ...attempts.item, state, reason: problem });
  return 'failed';
}

async function verifyProblem(
  item: FanoutItem,
  { plan, ports }: Work,
  log: string,
): Promise<string | undefined> {
  if (plan.verify === undefined) return undefined;
  const end = await runAgent(specOf(plan, plan.verify(item), log), ports);
  return end.ok ? undefined : `verify failed: ${end.reason}`;
}

function specOf(plan: FanoutPlan, client: Client, logPath: string): Parameters<typeof runAgent>[0] {
  const price = priceFor(client, plan.prices);
  return {
    client,
    ...(price && { price }),
    request: { prompt: '', agent: plan.agent, cwd: plan.cwd, permissions: { level: 'edit', tools: [] } },
    env: plan.env,
    logPath,
    timeoutMs: plan.timeoutMs,
    graceMs: plan.graceMs,
    signal: plan.signal,
    ...(plan.hardSignal && { hardSignal: plan.hardSignal }),
  };
}
