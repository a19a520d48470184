import { at, listAt } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import type { Timed } from './schedule-facts.ts';

/**
 * For each task that may find itself blocked (it waits for another agent's task or file): the first later task of the
 * same agent that by then waits for nobody else.
 */
export function alternativesFor(problem: Problem, timed: Timed): readonly (number | undefined)[] {
  const { starts, agents } = timed;
  const queues = Array.from({ length: problem.agentCount }, (): number[] => []);
  const byStart = Array.from({ length: problem.taskCount }, (_, task) => task).sort(
    (a, b) => at(starts, a) - at(starts, b) || a - b,
  );
  for (const task of byStart) queues[at(agents, task)]?.push(task);
  const result: (number | undefined)[] = Array.from({ length: problem.taskCount }, () => undefined);
  for (const queue of queues) {
    for (const [place, task] of queue.entries()) {
      if (!dependsOnOthers(problem, timed, task)) continue;
      const later = queue.slice(place + 1, place + 1 + LOOK_AHEAD);
      result[task] = later.find((candidate) =>
        isFreeAt(problem, timed, { candidate, minute: at(starts, task) }),
      );
    }
  }
  return result;
}

const LOOK_AHEAD = 50;

function dependsOnOthers(problem: Problem, { agents }: Timed, task: number): boolean {
  const others = listAt(problem.predecessors, task).some(
    (before) => before >= problem.taskCount || at(agents, before) !== at(agents, task),
  );
  return (
    others ||
    listAt(problem.files, task).some((file) =>
      listAt(problem.writers, file).some((writer) => at(agents, writer) !== at(agents, task)),
    )
  );
}

function isFreeAt(problem: Problem, { starts }: Timed, when: { candidate: number; minute: number }): boolean {
  return listAt(problem.predecessors, when.candidate).every((before) => {
    if (before >= problem.taskCount) return listAt(problem.predecessors, before).every((task) => ended(task));
    return ended(before);
  });

  function ended(task: number): boolean {
    return task >= problem.taskCount || at(starts, task) + at(problem.durations, task) <= when.minute;
  }
}
