// What others do with the same task lists: split the list, divide by folder, lanes of shared files, greedy with a mutex.

/** Plays an assignment through (or, where it is `undefined`, gives each task to whoever is free), longest chain first. */
function play({ count, segments, edges, files }, agentCount, agentOf) {
  const tail = Array.from({ length: count }, () => 1);
  for (let task = count - 1; task >= 0; task -= 1) {
    for (const [before, after] of edges)
      if (before === task) tail[task] = Math.max(tail[task], tail[after] + 1);
  }
  const order = Array.from({ length: count }, (_, task) => task).sort((a, b) => tail[b] - tail[a] || a - b);
  const starts = Array.from({ length: count }, () => -1);
  const agents = Array.from({ length: count }, () => -1);
  let open = count;
  for (let now = 0; open > 0 && now < 10 * count; now += 1) {
    const busy = new Set();
    const locked = new Set();
    for (const task of order) {
      const isReady =
        starts[task] === -1 &&
        edges.every(([before, after]) => after !== task || (starts[before] !== -1 && starts[before] < now)) &&
        segments.every(
          (segment, other) => segment >= segments[task] || (starts[other] !== -1 && starts[other] < now),
        );
      if (!isReady || files[task].some((file) => locked.has(file))) continue;
      const agent =
        agentOf?.[task] ??
        Array.from({ length: agentCount }, (_, each) => each).find((each) => !busy.has(each));
      if (agent === undefined || busy.has(agent)) continue;
      busy.add(agent);
      for (const file of files[task]) locked.add(file);
      starts[task] = now;
      agents[task] = agent;
      open -= 1;
    }
  }
  return { starts, agents };
}

function largestFirst(groups, agentCount) {
  const loads = Array.from({ length: agentCount }, () => 0);
  const agentOf = [];
  for (const tasks of groups.toSorted((a, b) => b.length - a.length || a[0] - b[0])) {
    const agent = loads.indexOf(Math.min(...loads));
    loads[agent] += tasks.length;
    for (const task of tasks) agentOf[task] = agent;
  }
  return agentOf;
}

function groupBy(count, keyOf) {
  const groups = new Map();
  for (let task = 0; task < count; task += 1)
    groups.set(keyOf(task), [...(groups.get(keyOf(task)) ?? []), task]);
  return [...groups.values()];
}

function lanes({ count, files }) {
  const parent = Array.from({ length: count }, (_, task) => task);
  const find = (task) => (parent[task] === task ? task : find(parent[task]));
  const first = new Map();
  for (let task = 0; task < count; task += 1) {
    for (const file of files[task]) {
      if (!first.has(file)) first.set(file, task);
      const [a, b] = [find(first.get(file)), find(task)].sort((x, y) => x - y);
      parent[b] = a;
    }
  }
  return groupBy(count, find);
}

/** Each peer by name. */
export const BASELINES = {
  roundRobin: (instance, agents) =>
    play(
      instance,
      agents,
      Array.from({ length: instance.count }, (_, task) => task % agents),
    ),
  area: (instance, agents) =>
    play(
      instance,
      agents,
      largestFirst(
        groupBy(instance.count, (task) =>
          (instance.files[task][0] ?? 'none').split('/').slice(0, -1).slice(0, 2).join('/'),
        ),
        agents,
      ),
    ),
  lanes: (instance, agents) => play(instance, agents, largestFirst(lanes(instance), agents)),
  mutexList: (instance, agents) => play(instance, agents, undefined),
};
