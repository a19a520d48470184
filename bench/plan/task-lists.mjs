// Real task lists (tasksmd.json) as scheduling instances: unit durations, phases as barriers, files as things that one
// task writes at a time. Consecutive story phases count as one stretch, as the format defines them; `each` keeps every phase apart.
import { readFileSync } from 'node:fs';

/** Documents with at least twelve tasks. */
export function readTaskLists(file) {
  return JSON.parse(readFileSync(file, 'utf8')).filter(({ tasks }) => tasks.length >= 12);
}

/** @param {'stories'|'each'} barriers */
export function instanceOf(document, barriers) {
  const stageOf = new Map();
  let stage = -1;
  let before;
  for (const { s: name, kind } of document.secs) {
    const isJoined = barriers === 'stories' && kind === 'story' && before === 'story';
    if (!isJoined) stage += 1;
    before = kind;
    if (!stageOf.has(name)) stageOf.set(name, stage);
  }
  const raw = document.tasks.map(({ sec }) => stageOf.get(sec));
  const used = [...new Set(raw)].sort((a, b) => a - b);
  const segments = raw.map((value) => used.indexOf(value));
  const indexOf = new Map(document.tasks.map(({ id }, index) => [id, index]));
  const edges = document.tasks.flatMap(({ deps }, after) =>
    deps.flatMap((id) => {
      const earlier = indexOf.get(id);
      const isForward =
        earlier !== undefined &&
        earlier !== after &&
        (segments[earlier] < segments[after] || (segments[earlier] === segments[after] && earlier < after));
      return isForward ? [[earlier, after]] : [];
    }),
  );
  return {
    count: document.tasks.length,
    segments,
    stages: used.length,
    edges,
    files: document.tasks.map(({ files }) => [...new Set(files)]),
  };
}

/** Sum over stages of the longest chain, the work over the agents and the busiest file: no schedule can be shorter. */
export function stagedBound({ count, segments, stages, edges, files }, agents) {
  let bound = 0;
  for (let stage = 0; stage < stages; stage += 1) {
    const tasks = Array.from({ length: count }, (_, task) => task).filter((task) => segments[task] === stage);
    const depth = new Map(tasks.map((task) => [task, 1]));
    for (const task of tasks) {
      for (const [from, to] of edges)
        if (to === task && depth.has(from)) depth.set(task, Math.max(depth.get(task), depth.get(from) + 1));
    }
    const perFile = new Map();
    for (const task of tasks) for (const file of files[task]) perFile.set(file, (perFile.get(file) ?? 0) + 1);
    bound += Math.max(Math.ceil(tasks.length / agents), ...depth.values(), ...perFile.values(), 0);
  }
  return bound;
}
