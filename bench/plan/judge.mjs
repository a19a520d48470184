// Judges a finished schedule by the instance alone. Shares no code with the planner, so that a mistake of the planner
// cannot hide in it.

/** What must never happen, counted. `schedule`: `{ agents, starts }` by task, unit durations unless `durations` is given. */
export function violationsOf({ count, segments, edges, files }, schedule, durations) {
  const { agents, starts } = schedule;
  const end = (task) => starts[task] + (durations?.[task] ?? 1);
  const overlap = (a, b) => starts[a] < end(b) && starts[b] < end(a);
  const found = { unassigned: 0, order: 0, barriers: 0, busyAgent: 0, twoWriters: 0 };
  for (let task = 0; task < count; task += 1)
    if (!(agents[task] >= 0) || !(starts[task] >= 0)) found.unassigned += 1;
  for (const [before, after] of edges) if (starts[after] < end(before)) found.order += 1;
  for (let a = 0; a < count; a += 1) {
    for (let b = a + 1; b < count; b += 1) {
      if (segments[a] < segments[b] && starts[b] < end(a)) found.barriers += 1;
      if (segments[a] > segments[b] && starts[a] < end(b)) found.barriers += 1;
      if (!overlap(a, b)) continue;
      if (agents[a] === agents[b]) found.busyAgent += 1;
      if (files[a].some((file) => files[b].includes(file))) found.twoWriters += 1;
    }
  }
  return found;
}

/** Figures of one schedule. */
export function figuresOf({ count, files }, { agents, starts }, agentCount) {
  const writers = new Map();
  for (let task = 0; task < count; task += 1) {
    for (const file of files[task]) writers.set(file, [...(writers.get(file) ?? []), task]);
  }
  let shared = 0;
  let several = 0;
  let handoffs = 0;
  for (const tasks of writers.values()) {
    if (tasks.length < 2) continue;
    several += 1;
    const turns = tasks.toSorted((a, b) => starts[a] - starts[b]).map((task) => agents[task]);
    const changes = turns.filter((agent, index) => index > 0 && agent !== turns[index - 1]).length;
    handoffs += changes;
    if (changes > 0) shared += 1;
  }
  const loads = Array.from({ length: agentCount }, () => 0);
  for (const agent of agents) loads[agent] += 1;
  return {
    makespan: Math.max(...starts) + 1,
    shared,
    several,
    handoffs,
    balance: (Math.max(...loads) * agentCount) / count,
    files: writers.size,
  };
}

/**
 * The makespan if a handoff costs time: the same order of work, but a file that changes hands is free `delay` later and
 * another agent's result arrives after half of it.
 */
export function makespanWithHandoffs({ count, segments, edges, files }, { agents, starts }, delay) {
  const order = Array.from({ length: count }, (_, task) => task).sort(
    (a, b) => starts[a] - starts[b] || a - b,
  );
  const ends = [];
  const freeAt = new Map();
  const fileAt = new Map();
  const predecessors = Array.from({ length: count }, () => []);
  for (const [before, after] of edges) predecessors[after].push(before);
  const stageEnds = [];
  for (const task of order) {
    const agent = agents[task];
    let start = freeAt.get(agent) ?? 0;
    for (let stage = 0; stage < segments[task]; stage += 1) start = Math.max(start, stageEnds[stage] ?? 0);
    for (const before of predecessors[task])
      start = Math.max(start, ends[before] + (agents[before] === agent ? 0 : delay / 2));
    for (const file of files[task]) {
      const last = fileAt.get(file);
      if (last !== undefined) start = Math.max(start, last.end + (last.agent === agent ? 0 : delay));
    }
    ends[task] = start + 1;
    freeAt.set(agent, ends[task]);
    for (const file of files[task]) fileAt.set(file, { agent, end: ends[task] });
    stageEnds[segments[task]] = Math.max(stageEnds[segments[task]] ?? 0, ends[task]);
  }
  return Math.max(...ends);
}
