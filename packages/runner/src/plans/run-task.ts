import { join } from 'node:path';
import { requiredGates, type Task } from '#tasks';
import { runAttempts, type AttemptPorts } from '../attempts.ts';
import type { AgentEvent } from '../client/agent-event.ts';
import type { Client, Permissions } from '../client/client.ts';
import type { LeaseKeeper } from '../leases.ts';
import type { RunBook } from '../record/run-book.ts';
import type { ItemRecord } from '../record/run-record.ts';
import { priceFor, type Prices } from '../price.ts';
import { runAgent, type AgentEnd } from '../run-agent.ts';
import type { Store } from '#store';
import { agentEnvironment } from './agent-environment.ts';
import type { Settlement, Workspace, Workspaces } from './workspace.ts';

/** How each task of a run is worked on. */
export interface TaskSettings {
  readonly client: (task: Task) => Client;
  readonly prompt: (task: Task, workspace: Workspace) => string;
  readonly permissions: (task: Task) => Permissions;
  readonly model?: string;
  readonly maxTurns?: number;
  readonly perTaskUsd?: number;
  /** Commands that every task needs, beside its own. */
  readonly gates?: readonly string[];
  /** For clients that tell tokens only. */
  readonly prices: Prices;
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** At most as many retries, whatever a task asks for. */
  readonly retries: number;
  readonly env: NodeJS.ProcessEnv;
  readonly squadDir: string;
  readonly signal: AbortSignal;
  readonly hardSignal?: AbortSignal;
}

/** What came of a task, for those who watch and for the task's state. */
export interface TaskNews {
  readonly task: Task;
  readonly agent: string;
  readonly item: ItemRecord;
  readonly settlement?: Settlement;
  /** Evidence: the commands that the task needs, up to the first that failed. */
  readonly accepted?: readonly { readonly command: string; readonly ok: boolean }[];
}

/** What tasks need of the world. */
export interface TaskPorts extends AttemptPorts {
  readonly store: Store;
  readonly workspaces: Workspaces;
  readonly leases: LeaseKeeper;
  /** Runs a shell command of the person's (acceptance, validation) in a folder, logged under a name. */
  readonly runCommand: (command: string, cwd: string, name: string) => Promise<AgentEnd>;
  /** Problems of the finished work beyond its own acceptance, as a contract changed without its owner. */
  readonly review?: (news: TaskNews) => Promise<readonly string[]>;
  readonly onStart?: (news: TaskNews) => void;
  readonly onEnd?: (news: TaskNews) => void;
  readonly onChange?: (item: ItemRecord) => void;
  readonly onEvent?: (task: Task, event: AgentEvent) => void;
}

interface TaskWork {
  readonly settings: TaskSettings;
  readonly ports: TaskPorts;
  readonly book: RunBook;
  readonly agent: string;
  readonly leftUsd: number | undefined;
}

/** A task's record after its run, and how the last attempt ended (absent when none could be made). */
export interface TaskResult {
  readonly item: ItemRecord;
  readonly end?: AgentEnd;
}

/** Runs one task under its lease: agent, safety of what it left, acceptance, integration. Never throws for what an agent does. */
export async function runTask(task: Task, work: TaskWork): Promise<TaskResult> {
  const { ports, book, agent } = work;
  const purpose = `run ${book.run.id}: ${task.title}`;
  // An agent's own lease lets the same agent in again; two runners must not both start it.
  const runner = { agent: `runner-${book.run.id.slice(-8)}`, resources: [`attempt:${task.id}`], purpose };
  const claim = { agent, resources: [`task:${task.id}`], purpose };
  const held = await ports.leases.hold(runner, () => ports.leases.hold(claim, () => runHeldTask(task, work)));
  const inner = held.kind === 'done' ? held.value : held;
  if (inner.kind === 'done') return inner.value;
  return {
    item: write(work, {
      ...book.item(task.id),
      state: 'failed',
      reason: `${task.id} is claimed by ${inner.by}`,
    }),
  };
}

async function runHeldTask(task: Task, work: TaskWork): Promise<TaskResult> {
  const { settings, ports, book, agent } = work;
  const workspace = await ports.workspaces.open(task);
  const log = join(settings.squadDir, 'logs', `${agent}.log`);
  const first: ItemRecord = {
    ...book.item(task.id),
    log,
    ...(workspace.branch && { branch: workspace.branch }),
  };
  ports.onStart?.({ task, agent, item: first });
  const prompt = settings.prompt(task, workspace);
  ports.store.writeAtomic(
    join(book.folder, 'prompts', `${agent}-${book.run.items.indexOf(task.id) + 1}.md`),
    prompt,
  );
  const { end, item } = await runAttempts(
    {
      item: first,
      retries: Math.min(task.retries, settings.retries),
      signal: settings.signal,
      write: (next) => write(work, next),
      run: (onStart, spentUsd) =>
        runAgent({ ...agentSpec(task, work, { workspace, prompt, log, spentUsd }), onStart }, ports),
    },
    ports,
  );
  if (end.text !== '') book.writeAnswer(task.id, end.text);
  const settlement = await ports.workspaces.settle(task, workspace);
  return { item: await conclude(task, work, { workspace, end, item, settlement }), end };
}

interface Outcome {
  readonly workspace: Workspace;
  readonly end: AgentEnd;
  readonly item: ItemRecord;
  readonly settlement: Settlement;
}

async function conclude(task: Task, work: TaskWork, outcome: Outcome): Promise<ItemRecord> {
  const { ports, agent } = work;
  const { end, settlement, workspace } = outcome;
  const item = { ...outcome.item, ...(settlement.commit && { commit: settlement.commit }) };
  const news = { task, agent, settlement };
  if (end.isStopped) return write(work, { ...item, state: 'pending', reason: 'stopped' });
  const accepted = end.ok ? await acceptance(task, work, workspace) : undefined;
  const evidence = accepted === undefined ? {} : { accepted };
  const problem = await problemOf(outcome, { accepted, work, news: { ...news, item, ...evidence } });
  const next =
    problem === undefined
      ? await integrate(task, work, { ...outcome, item })
      : { ...item, state: 'failed' as const, reason: problem };
  ports.onEnd?.({ ...news, item: next, ...evidence });
  return write(work, next);
}

async function problemOf(
  { end, settlement }: Outcome,
  { accepted, work, news }: { accepted: TaskNews['accepted']; work: TaskWork; news: TaskNews },
): Promise<string | undefined> {
  if (!end.ok) return end.reason;
  if (settlement.problem !== undefined) return settlement.problem;
  const refused = accepted?.find(({ ok }) => !ok);
  if (refused !== undefined) return `not accepted: "${refused.command}" failed`;
  const problems = (await work.ports.review?.(news)) ?? [];
  return problems.length === 0 ? undefined : problems.join('; ');
}

async function acceptance(
  task: Task,
  { ports, agent, settings }: TaskWork,
  workspace: Workspace,
): Promise<TaskNews['accepted']> {
  const ran: { command: string; ok: boolean }[] = [];
  for (const command of requiredGates(task, settings.gates)) {
    const { ok } = await ports.runCommand(command, workspace.cwd, agent);
    ran.push({ command, ok });
    if (!ok) break;
  }
  return ran.length === 0 ? undefined : ran;
}

async function integrate(task: Task, { ports }: TaskWork, { workspace, item }: Outcome): Promise<ItemRecord> {
  const integration = await ports.workspaces.integrate(task, workspace);
  if (integration.kind !== 'conflict') {
    const { reason: _, ...rest } = item;
    return {
      ...rest,
      state: 'done',
      ...(integration.kind === 'nothing' && { reason: 'nothing was changed' }),
    };
  }
  const paths = integration.paths.join(', ');
  return {
    ...item,
    state: 'failed',
    reason: `conflicts with the work of others in ${paths}; branch ${workspace.branch ?? ''} stays`,
  };
}

function agentSpec(
  task: Task,
  { settings, ports, book, agent, leftUsd }: TaskWork,
  now: { workspace: Workspace; prompt: string; log: string; spentUsd: number },
): Parameters<typeof runAgent>[0] {
  const { workspace, prompt, log } = now;
  const limits = [settings.perTaskUsd, leftUsd]
    .filter((limit) => limit !== undefined)
    .map((limit) => Math.max(0.01, limit - now.spentUsd));
  const client = settings.client(task);
  const price = priceFor(client, settings.prices, settings.model);
  return {
    client,
    ...(price && { price }),
    request: {
      prompt,
      agent,
      cwd: workspace.cwd,
      permissions: permissionsFor(task, settings),
      folders: [settings.squadDir],
      ...(settings.model && { model: settings.model }),
      ...(settings.maxTurns !== undefined && { maxTurns: settings.maxTurns }),
      ...(limits.length > 0 && { maxBudgetUsd: Math.min(...limits) }),
    },
    env: agentEnvironment({
      base: settings.env,
      squadDir: settings.squadDir,
      agent,
      runId: book.run.id,
      task,
      workspace,
    }),
    logPath: log,
    timeoutMs: settings.timeoutMs,
    graceMs: settings.graceMs,
    signal: settings.signal,
    ...(settings.hardSignal && { hardSignal: settings.hardSignal }),
    onEvent: (event) => ports.onEvent?.(task, event),
  };
}

// An agent must be able to run what its work is judged by.
function permissionsFor(task: Task, settings: TaskSettings): Permissions {
  const own = settings.permissions(task);
  const isPlain = task.acceptance !== undefined && /^[\w@%+=:,./ -]+$/u.test(task.acceptance);
  return own.level === 'edit' && isPlain ? { ...own, commands: [task.acceptance] } : own;
}

function write({ ports, book }: TaskWork, item: ItemRecord): ItemRecord {
  book.write(item);
  ports.onChange?.(item);
  return item;
}
