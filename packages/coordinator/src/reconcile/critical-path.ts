import { groupBy } from '../model/group-by.ts';
import type { JudgedTask } from '../model/judgement.ts';

const OVER: ReadonlySet<JudgedTask['state']> = new Set(['complete', 'claimed', 'review', 'skipped']);

/**
 * The unfinished tasks of which none can be late without the whole being late: those on a longest chain by estimates, along
 * dependencies and along the order in which the plan's schedule gives each agent its tasks.
 */
export function criticalTasks(tasks: readonly JudgedTask[]): ReadonlySet<string> {
  const left = tasks.filter(({ isPlanned, state }) => isPlanned && !OVER.has(state));
  const before = predecessors(left);
  const after = new Map<string, string[]>();
  for (const [id, ids] of before) for (const each of ids) after.set(each, [...(after.get(each) ?? []), id]);
  const minutes = new Map(left.map(({ id, estimateMinutes }) => [id, estimateMinutes]));
  const head = longest(left, minutes, (id) => before.get(id) ?? []);
  const tail = longest(left, minutes, (id) => after.get(id) ?? []);
  const through = (id: string): number => (head.get(id) ?? 0) + (tail.get(id) ?? 0) - (minutes.get(id) ?? 0);
  const end = Math.max(0, ...left.map(({ id }) => through(id)));
  return new Set(left.map(({ id }) => id).filter((id) => through(id) === end));
}

function predecessors(left: readonly JudgedTask[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(left.map(({ id }) => id));
  const previous = new Map<string, string>();
  for (const own of groupBy(left, ({ agent }) => agent).values()) {
    const inTurn = own.toSorted((a, b) => a.startMinute - b.startMinute || (a.id < b.id ? -1 : 1));
    for (const [index, task] of inTurn.entries()) {
      const last = inTurn[index - 1];
      if (last !== undefined) previous.set(task.id, last.id);
    }
  }
  return new Map(
    left.map(({ id, dependsOn }) => {
      const last = previous.get(id);
      return [id, [...dependsOn.filter((each) => known.has(each)), ...(last === undefined ? [] : [last])]];
    }),
  );
}

// Minutes of the longest chain that ends with each task. A circle, which is reported elsewhere, is cut where it closes.
function longest(
  tasks: readonly JudgedTask[],
  minutes: ReadonlyMap<string, number>,
  beforeOf: (id: string) => readonly string[],
): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const { id: start } of tasks) {
    const stack = [{ id: start, isOpened: false }];
    const open = new Set<string>();
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { id, isOpened } = top;
      if (isOpened) {
        open.delete(id);
        const longestBefore = Math.max(0, ...beforeOf(id).map((each) => known.get(each) ?? 0));
        known.set(id, longestBefore + (minutes.get(id) ?? 0));
      } else if (!known.has(id) && !open.has(id)) {
        open.add(id);
        stack.push({ id, isOpened: true }, ...beforeOf(id).map((each) => ({ id: each, isOpened: false })));
      }
    }
  }
  return known;
}
