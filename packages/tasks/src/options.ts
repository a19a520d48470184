import type { Task } from './task.ts';
import type { TaskGraph } from './task-graph.ts';
import { mayRunTogether, overlapsByPrefix, takingOrder, type Overlap } from './waves.ts';

/** One task's place in a schedule. */
export interface ScheduledTask {
  readonly task: Task;
  /** 1-based. */
  readonly terminal: number;
  readonly startMinute: number;
  readonly endMinute: number;
}

/** Who does what when, with so many terminals. */
export interface Schedule {
  readonly terminals: number;
  readonly tasks: readonly ScheduledTask[];
  readonly minutes: number;
}

/** Option A (parallel) beside option B (sequential). */
export interface ScheduleOptions {
  readonly parallel: Schedule;
  readonly sequential: Schedule;
}

/**
 * Both ways to do the unfinished work: with up to `terminals` at once, and one after the other. List scheduling by
 * the taking order; tasks of one agent stay on one terminal. Times are the tasks' own estimates.
 */
export function scheduleOptions(
  graph: TaskGraph,
  options: {
    readonly terminals: number;
    readonly finished?: ReadonlySet<string>;
    readonly overlap?: Overlap;
  },
): ScheduleOptions {
  const settings = { finished: new Set<string>(), overlap: overlapsByPrefix, ...options };
  return {
    parallel: schedule(graph, settings),
    sequential: schedule(graph, { ...settings, terminals: 1 }),
  };
}

interface Settings {
  readonly terminals: number;
  readonly finished: ReadonlySet<string>;
  readonly overlap: Overlap;
}

function schedule(graph: TaskGraph, settings: Settings): Schedule {
  const order = takingOrder(graph);
  let open = graph.tasks.filter(({ id }) => !settings.finished.has(id)).toSorted(order);
  const done = new Set(settings.finished);
  const placed: ScheduledTask[] = [];
  let now = 0;
  while (open.length > 0) {
    for (const each of placed) if (each.endMinute <= now) done.add(each.task.id);
    const running = placed.filter((each) => each.endMinute > now);
    const started = startWhatCan({ graph, open, done, running, settings, placed }, now);
    placed.push(...started);
    const taken = new Set(started.map(({ task }) => task.id));
    open = open.filter(({ id }) => !taken.has(id));
    const ends = [...running, ...started].map(({ endMinute }) => endMinute).filter((end) => end > now);
    if (ends.length > 0) now = Math.min(...ends);
    else if (started.length === 0) break;
  }
  const used = new Set(placed.map(({ terminal }) => terminal));
  const minutes = Math.max(0, ...placed.map(({ endMinute }) => endMinute));
  return { terminals: used.size, tasks: placed, minutes };
}

interface Moment {
  readonly graph: TaskGraph;
  readonly open: readonly Task[];
  readonly done: ReadonlySet<string>;
  readonly running: readonly ScheduledTask[];
  readonly settings: Settings;
  readonly placed: readonly ScheduledTask[];
}

function startWhatCan(moment: Moment, now: number): ScheduledTask[] {
  const { graph, open, done, settings } = moment;
  const started: ScheduledTask[] = [];
  for (const task of open) {
    const busy = [...moment.running, ...started];
    if (!graph.dependenciesOf(task.id).every((id) => done.has(id))) continue;
    if (!busy.every((other) => mayRunTogether(task, other.task, settings.overlap))) continue;
    const terminal = freeTerminal(task, [...moment.placed, ...started], {
      busy,
      terminals: settings.terminals,
    });
    if (terminal === undefined) continue;
    started.push({ task, terminal, startMinute: now, endMinute: now + task.estimateMinutes });
  }
  return started;
}

// An agent keeps its terminal; a new one gets the lowest that no other agent has, if any is left, else any that is free.
function freeTerminal(
  task: Task,
  placed: readonly ScheduledTask[],
  { busy, terminals }: { busy: readonly ScheduledTask[]; terminals: number },
): number | undefined {
  const taken = new Set(busy.map(({ terminal }) => terminal));
  const free = Array.from({ length: terminals }, (_, index) => index + 1).filter((one) => !taken.has(one));
  if (task.agent === undefined) return free[0];
  const own = placed.find((each) => each.task.agent === task.agent)?.terminal;
  if (own !== undefined) return taken.has(own) ? undefined : own;
  const others = new Set(
    placed.filter((each) => each.task.agent !== undefined).map(({ terminal }) => terminal),
  );
  return free.find((one) => !others.has(one)) ?? free[0];
}
