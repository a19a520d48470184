import type { Snapshot } from '../model/snapshot.ts';

/** The same snapshot with everything in a fixed order, so that no conclusion depends on the order of looking. */
export function inOrder(snapshot: Snapshot): Snapshot {
  const { agents, tasks, leases, waits, changes, handoffs, questions, controls } = snapshot;
  return {
    ...snapshot,
    agents: sortBy(agents, ({ id }) => id),
    tasks: sortBy(tasks, ({ startMinute, id }) => `${String(startMinute).padStart(16, '0')} ${id}`),
    leases: sortBy(leases, ({ path, agent, token }) => `${path}\0${agent}\0${token}`),
    waits: sortBy(waits, ({ agent, paths, since }) => `${agent}\0${paths.join('\0')}\0${since}`),
    changes: sortBy(
      changes,
      ({ path, agent, source, worktree }) => `${path}\0${agent}\0${source}\0${worktree}`,
    ),
    mergeConflicts: sortBy(snapshot.mergeConflicts, ({ branches }) => branches.join('\0')),
    handoffs: sortBy(handoffs, ({ id }) => id),
    questions: sortBy(questions, ({ id }) => id),
    controls: sortBy(controls, ({ id }) => id),
    zones: sortBy(snapshot.zones, ({ zone }) => zone),
  };
}

function sortBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ item }) => item);
}
