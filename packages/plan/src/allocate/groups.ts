import { at } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';

/** Tasks that go to one agent together, numbered in document order of their first task. */
export interface Groups {
  readonly groupOf: Int32Array;
  readonly count: number;
}

/** Every task alone. */
export function singletons(taskCount: number): Groups {
  return { groupOf: Int32Array.from({ length: taskCount }, (_, task) => task), count: taskCount };
}

/**
 * Tasks connected by the files they write, files that are cut left out (union-find). Tasks that no one agent may do
 * together stay apart: who can do a task outweighs who has its file.
 */
export function groupsByFiles(problem: Problem, isCut: (file: number) => boolean): Groups {
  const parents = Int32Array.from({ length: problem.taskCount }, (_, task) => task);
  const find = (task: number): number => {
    let root = task;
    while (at(parents, root) !== root) {
      parents[root] = at(parents, at(parents, root));
      root = at(parents, root);
    }
    return root;
  };
  const allowed = Int32Array.from(problem.allowed);
  const { offsets, items } = problem.writers;
  for (let file = 0; file < problem.fileCount; file += 1) {
    if (isCut(file)) continue;
    const first = at(offsets, file);
    for (let place = first + 1; place < at(offsets, file + 1); place += 1) {
      const [a, b] = [find(at(items, first)), find(at(items, place))];
      const common = at(allowed, a) & at(allowed, b);
      if (common === 0) continue;
      parents[Math.max(a, b)] = Math.min(a, b);
      allowed[Math.min(a, b)] = common;
    }
  }
  return numbered(problem.taskCount, find);
}

function numbered(taskCount: number, find: (task: number) => number): Groups {
  const groupOf = new Int32Array(taskCount);
  let count = 0;
  for (let task = 0; task < taskCount; task += 1) {
    const root = find(task);
    if (root === task) groupOf[task] = count++;
    else groupOf[task] = at(groupOf, root);
  }
  return { groupOf, count };
}

/** The tasks of each group. */
export function membersOf(groups: Groups): readonly (readonly number[])[] {
  const members = Array.from({ length: groups.count }, (): number[] => []);
  for (const [task, group] of groups.groupOf.entries()) members[group]?.push(task);
  return members;
}
