import { planWaves, type Overlap, type Task, type TaskGraph } from '#tasks';
import { createBudget, type Budget } from '../budget.ts';
import { runPool } from '../pool.ts';
import { takeOverInterrupted } from '../record/interrupted.ts';
import type { RunBook } from '../record/run-book.ts';
import type { ItemRecord } from '../record/run-record.ts';
import { agentOf } from './agent-environment.ts';
import { mayRunBeside } from './beside.ts';
import { runTask, type TaskPorts, type TaskSettings } from './run-task.ts';

/** Which tasks are run, and how. */
export interface TasksPlan extends TaskSettings {
  readonly book: RunBook;
  readonly graph: TaskGraph;
  /** Ids that were finished before, or are skipped: they count as done and are not run. */
  readonly finished: ReadonlySet<string>;
  readonly maxConcurrent: number;
  readonly totalUsd?: number;
  /** Shell command that must succeed in the integrated work after each wave; makes waves barriers. */
  readonly validate?: string;
  /** Only this wave, from 1; makes waves barriers. */
  readonly wave?: number;
  readonly retryFailed: boolean;
  readonly overlap?: Overlap;
}

/** A run, as far as it went. */
export interface TasksReport {
  readonly id: string;
  readonly items: readonly ItemRecord[];
  readonly spentUsd: number;
  /** Why not everything was tried, if so. */
  readonly stopped: string | undefined;
}

/**
 * Runs every unfinished task once what it waits for is done and integrated. A failed task stops only what depends on
 * it; its branch stays. What an earlier runner of the same run finished is never run again.
 */
export async function runTasks(plan: TasksPlan, ports: TaskPorts): Promise<TasksReport> {
  const { book } = plan;
  const spent = plan.graph.tasks.flatMap(({ id }) => book.item(id).attempts);
  const budget = createBudget(
    plan.totalUsd === undefined ? {} : { totalUsd: plan.totalUsd },
    spent.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
  );
  const done = await takeUp(plan);
  const waves = planWaves(plan.graph, { finished: done, ...(plan.overlap && { overlap: plan.overlap }) });
  const isBarrier = plan.validate !== undefined || plan.wave !== undefined;
  const rounds = isBarrier ? waves : [waves.flat()];
  let problem: string | undefined;
  for (const [index, round] of rounds.entries()) {
    if (plan.wave !== undefined && index + 1 !== plan.wave) continue;
    await runRound(round, { plan, ports, budget, done });
    if (plan.signal.aborted || budget.openedBy() !== undefined) break;
    problem = isBarrier ? await validationProblem(plan, ports, index + 1) : undefined;
    if (problem !== undefined) break;
  }
  return {
    id: book.run.id,
    items: book.run.items.map((key) => book.item(key)),
    spentUsd: budget.spentUsd(),
    stopped: plan.signal.aborted ? 'stopped on request' : (budget.openedBy() ?? problem),
  };
}

// Ends what a dead runner left running, makes pending what shall be tried (again), and tells what is done already.
async function takeUp(plan: TasksPlan): Promise<Set<string>> {
  const { book, graph } = plan;
  const done = new Set(plan.finished);
  for (const { id } of graph.tasks) {
    await takeOverInterrupted(book, id, plan.graceMs);
    const item = book.item(id);
    if (item.state === 'done' || item.state === 'skipped') done.add(id);
    else if (plan.finished.has(id))
      book.write({ ...item, state: 'skipped', reason: item.reason ?? 'finished before' });
    else if (item.state === 'failed' && (plan.retryFailed || isBlockedItem(item)))
      book.write({ ...item, state: 'pending' });
  }
  return done;
}

const BLOCKED = 'waits for ';

function isBlockedItem(item: ItemRecord): boolean {
  return item.reason?.startsWith(BLOCKED) === true;
}

interface Round {
  readonly plan: TasksPlan;
  readonly ports: TaskPorts;
  readonly budget: Budget;
  /** Grows as tasks are finished. */
  readonly done: Set<string>;
}

async function runRound(tasks: readonly Task[], { plan, ports, budget, done }: Round): Promise<void> {
  const { book, graph } = plan;
  const isOpen = (id: string): boolean => !done.has(id);
  await runPool({
    items: tasks
      .filter(({ id }) => isOpen(id))
      .map((task) => ({ key: task.id, task, after: graph.dependenciesOf(task.id).filter(isOpen) })),
    maxConcurrent: plan.maxConcurrent,
    isClosed: () => plan.signal.aborted || budget.openedBy() !== undefined,
    mayStart: ({ task }, running) => running.every((other) => mayRunBeside(task, other.task, plan.overlap)),
    onBlocked(item, because) {
      if (book.item(because).state === 'pending') return;
      note(plan, ports, {
        ...book.item(item.key),
        state: 'failed',
        reason: `${BLOCKED}${because}, which failed`,
      });
    },
    async run({ task }) {
      const blocked = graph.dependenciesOf(task.id).find(isOpen);
      const before = book.item(task.id);
      // In a later wave: what failed in an earlier one is not among the pool's items.
      if (blocked !== undefined || before.state === 'failed') {
        const reason = blocked === undefined ? before.reason : `${BLOCKED}${blocked}, which failed`;
        note(plan, ports, { ...before, state: 'failed', ...(reason && { reason }) });
        return 'failed';
      }
      const result = await runTask(task, {
        settings: plan,
        ports,
        book,
        agent: agentOf(task),
        leftUsd: budget.leftUsd(),
      });
      if (result.end !== undefined) budget.note(result.end);
      if (result.item.state === 'done') done.add(task.id);
      return result.item.state === 'done' ? 'done' : 'failed';
    },
  });
}

function note(plan: TasksPlan, ports: TaskPorts, item: ItemRecord): void {
  plan.book.write(item);
  ports.onChange?.(item);
}

async function validationProblem(
  plan: TasksPlan,
  ports: TaskPorts,
  wave: number,
): Promise<string | undefined> {
  if (plan.validate === undefined) return undefined;
  const folder = await ports.workspaces.integrated();
  const end = await ports.runCommand(plan.validate, folder, `validate-wave-${wave}`);
  return end.ok ? undefined : `wave ${wave} is not valid: "${plan.validate}": ${end.reason}`;
}
