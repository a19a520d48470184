/** An instance as plain lists, for a judge that shares no code with the planner. */
export interface Instance {
  readonly durations: readonly number[];
  readonly edges: readonly (readonly [number, number])[];
  readonly files: readonly (readonly number[])[];
}

/** A schedule as plain lists. */
export interface Timetable {
  readonly starts: readonly number[];
  readonly agents: readonly number[];
}

/** Everything that must never happen, in words; empty for a sound schedule. */
export function violations(
  { durations, edges, files }: Instance,
  { starts, agents }: Timetable,
  agentCount: number,
): readonly string[] {
  const found: string[] = [];
  const end = (task: number): number => (starts[task] ?? NaN) + (durations[task] ?? NaN);
  for (const [task] of durations.entries()) {
    const [start, agent] = [starts[task], agents[task]];
    if (start === undefined || start < 0 || agent === undefined || agent < 0 || agent >= agentCount)
      found.push(`${task} is unassigned`);
  }
  for (const [before, after] of edges)
    if ((starts[after] ?? -1) < end(before)) found.push(`${after} starts before ${before} ends`);
  for (const [a] of durations.entries()) {
    for (const [b] of durations.entries()) {
      const overlap = a < b && (starts[a] ?? 0) < end(b) && (starts[b] ?? 0) < end(a);
      if (!overlap) continue;
      if (agents[a] === agents[b]) found.push(`${a} and ${b} keep one agent busy at once`);
      if (files[a]?.some((file) => files[b]?.includes(file)) === true)
        found.push(`${a} and ${b} write one file at once`);
    }
  }
  return found;
}

/** The shortest makespan of any order on any agents, found by trying every order of placing tasks as early as possible. */
export function exhaustiveMakespan({ durations, edges, files }: Instance, agentCount: number): number {
  const count = durations.length;
  let best = Infinity;
  const place = (starts: ReadonlyMap<number, number>): void => {
    if (starts.size === count) {
      best = Math.min(
        best,
        [...starts].reduce((last, [task, start]) => Math.max(last, start + (durations[task] ?? 0)), 0),
      );
      return;
    }
    for (let task = 0; task < count; task += 1) {
      const before = edges.filter(([, after]) => after === task).map(([each]) => each);
      if (starts.has(task) || !before.every((each) => starts.has(each))) continue;
      let start = before.reduce(
        (last, each) => Math.max(last, (starts.get(each) ?? 0) + (durations[each] ?? 0)),
        0,
      );
      while (!fits(task, start, starts)) start += 1;
      place(new Map([...starts, [task, start]]));
    }
  };
  const fits = (task: number, start: number, starts: ReadonlyMap<number, number>): boolean => {
    for (let time = start; time < start + (durations[task] ?? 0); time += 1) {
      const running = [...starts]
        .filter(([other, from]) => from <= time && time < from + (durations[other] ?? 0))
        .map(([other]) => other);
      if (running.length >= agentCount) return false;
      if (running.some((other) => files[other]?.some((file) => files[task]?.includes(file)) === true))
        return false;
    }
    return true;
  };
  place(new Map());
  return best;
}
