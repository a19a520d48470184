// The planner on a task-list instance, through its compiled modules.
import { searchAllocation } from '../../dist/plan/allocate/search.js';
import { isHubFile } from '../../dist/plan/work/hub-file.js';
import { numberFiles } from '../../dist/plan/work/path-overlap.js';
import { compactRows } from '../../dist/plan/plan/compact-rows.js';
import { createProblem } from '../../dist/plan/schedule/problem.js';

/**
 * `options`: `{ effort, handoff }`, the handoff in tasks. With `overlap` a folder also excludes the files below it, as
 * squad-allocate plans; without it a path is a name, as the peers take it.
 */
export function allocate(
  instance,
  agentCount,
  { effort, handoff = 0, free = false, overlap = false, weights },
) {
  const { count, segments, stages, edges, files } = instance;
  const unit = 2;
  const resources = numberFiles(files.map((paths) => ({ writes: paths.map((path) => ({ path, rung: 1 })) })));
  const folderIds = new Map();
  const folders = files.map((paths) =>
    [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)))].map(
      (folder) => folderIds.get(folder) ?? (folderIds.set(folder, folderIds.size), folderIds.size - 1),
    ),
  );
  const barriers = stages - 1;
  const all = [...edges];
  const last = new Map();
  if (!free) {
    const order = Array.from({ length: count }, (_, task) => task).sort(
      (a, b) => segments[a] - segments[b] || a - b,
    );
    for (const task of order) {
      for (const file of resources.rows[task]) {
        if (isHubFile(resources.paths[file])) continue;
        if (last.has(file)) all.push([last.get(file), task]);
        last.set(file, task);
      }
    }
  }
  for (let task = 0; task < count; task += 1) {
    if (segments[task] > 0) all.push([count + segments[task] - 1, task]);
    if (segments[task] < barriers) all.push([task, count + segments[task]]);
  }
  const problem = createProblem({
    durations: files.map(() => unit),
    edges: all,
    barrierCount: barriers,
    files: resources.rows,
    ...(overlap ? { locks: resources.locks } : {}),
    fileCount: resources.paths.length,
    segments,
    agentCount,
    handoffMinutes: handoff * unit,
  });
  const found = searchAllocation(problem, { effort, folders, ...(weights === undefined ? {} : { weights }) });
  return { agents: [...found.agents], starts: [...found.starts].map((start) => start / unit) };
}

/** Rows of the ownership matrix that an allocation needs, shared files one row each. */
export function rowCount({ files }, { agents }, agentCount) {
  const owners = new Map();
  for (const [task, paths] of files.entries()) {
    for (const path of paths) owners.set(path, (owners.get(path) ?? new Set()).add(agents[task]));
  }
  const single = [...owners].filter(([, set]) => set.size === 1).map(([path, [label]]) => ({ path, label }));
  return compactRows(single, agentCount).length + owners.size - single.length;
}
