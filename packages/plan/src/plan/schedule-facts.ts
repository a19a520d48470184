import { at, invertLists, listAt } from '../schedule/lists.ts';
import { topologicalOrder } from '../schedule/levels.ts';
import type { Problem } from '../schedule/problem.ts';

/** A schedule to be explained. */
export interface Timed {
  readonly starts: Int32Array;
  readonly agents: Int32Array;
  readonly makespan: number;
}

/** What follows from a schedule once it stands. */
export interface ScheduleFacts {
  /** Minutes each task may slip without lengthening the whole, its agent's next task and its files' next writer included. */
  readonly slack: Int32Array;
  /** A chain of tasks without slack, each the reason that the next starts when it does. */
  readonly criticalPath: readonly number[];
}

/** Slack and critical path under everything that binds the schedule: order, barriers, agents and files. */
export function scheduleFacts(problem: Problem, timed: Timed): ScheduleFacts {
  const next = followers(problem, timed);
  const end = (task: number): number => at(timed.starts, task) + at(problem.durations, task);
  const slack = new Int32Array(problem.taskCount);
  const byStart = Array.from({ length: problem.taskCount }, (_, task) => task).sort(
    (a, b) => at(timed.starts, b) - at(timed.starts, a) || b - a,
  );
  const latest = latestBarriers(problem, timed);
  for (const task of byStart) {
    const limit = (next[task] ?? []).reduce(
      (least, after) => Math.min(least, at(timed.starts, after) + at(slack, after)),
      latest(task, slack),
    );
    slack[task] = Math.max(0, limit - end(task));
  }
  return { slack, criticalPath: walk(problem, timed, { slack, next }) };
}

/** Tasks that directly wait for each task: by order, by agent or by file. */
function followers(problem: Problem, { starts, agents }: Timed): readonly (readonly number[])[] {
  const rows = Array.from({ length: problem.taskCount }, (): number[] => []);
  const chain = (tasks: readonly number[]): void => {
    const ordered = tasks.toSorted((a, b) => at(starts, a) - at(starts, b) || a - b);
    for (const [index, task] of ordered.entries()) {
      const after = ordered[index + 1];
      if (after !== undefined) rows[task]?.push(after);
    }
  };
  const ofAgent = Array.from({ length: problem.agentCount }, (): number[] => []);
  for (let task = 0; task < problem.taskCount; task += 1) {
    ofAgent[at(agents, task)]?.push(task);
    for (const after of listAt(problem.successors, task))
      if (after < problem.taskCount) rows[task]?.push(after);
  }
  for (const tasks of ofAgent) chain(tasks);
  const lockers = invertLists(problem.locks, problem.fileCount);
  for (let file = 0; file < problem.fileCount; file += 1) {
    const writers = listAt(lockers, file);
    if (writers.length > 1) chain([...writers]);
  }
  return rows;
}

/** The latest end that a task's barriers allow, given the slack of what lies behind them. */
function latestBarriers(
  problem: Problem,
  { starts, makespan }: Timed,
): (task: number, slack: Int32Array) => number {
  const memo = new Map<number, number>();
  const limitOf = (barrier: number, slack: Int32Array): number => {
    const known = memo.get(barrier);
    if (known !== undefined) return known;
    let limit = makespan;
    for (const after of listAt(problem.successors, barrier)) {
      const bound = after >= problem.taskCount ? limitOf(after, slack) : at(starts, after) + at(slack, after);
      limit = Math.min(limit, bound);
    }
    memo.set(barrier, limit);
    return limit;
  };
  return (task, slack) => {
    let limit = makespan;
    for (const after of listAt(problem.successors, task)) {
      if (after >= problem.taskCount) limit = Math.min(limit, limitOf(after, slack));
    }
    return limit;
  };
}

/** From the first task without slack, always on to the one that starts at its end. */
function walk(
  problem: Problem,
  { starts }: Timed,
  known: { slack: Int32Array; next: readonly (readonly number[])[] },
): readonly number[] {
  const { slack, next } = known;
  const tight = new Map<number, number[]>();
  for (let task = 0; task < problem.taskCount; task += 1) {
    if (at(slack, task) !== 0) continue;
    const row = tight.get(at(starts, task));
    if (row === undefined) tight.set(at(starts, task), [task]);
    else row.push(task);
  }
  const path: number[] = [];
  let time = 0;
  for (;;) {
    const candidates: readonly number[] = tight.get(time) ?? [];
    const followers = next[path.at(-1) ?? -1];
    const chosen = candidates.find((task) => followers?.includes(task)) ?? candidates[0];
    if (chosen === undefined) return path;
    path.push(chosen);
    time = at(starts, chosen) + at(problem.durations, chosen);
  }
}

/** Tasks by the number of tasks on the longest chain before them. */
export function wavesOf(problem: Problem): readonly (readonly number[])[] {
  const depth = new Int32Array(problem.size);
  const waves: number[][] = [];
  for (const node of topologicalOrder(problem)) {
    for (const before of listAt(problem.predecessors, node)) {
      depth[node] = Math.max(at(depth, node), at(depth, before) + Number(before < problem.taskCount));
    }
    if (node < problem.taskCount) (waves[at(depth, node)] ??= []).push(node);
  }
  return waves.map((wave) => wave.sort((a, b) => a - b));
}
