import { isSameAgent } from '#comms';
import { finding, type Finding } from '../model/finding.ts';
import { groupBy } from '../model/group-by.ts';
import type { ObservedChange, Snapshot } from '../model/snapshot.ts';

/** Paths that two agents changed, changes outside ownership, and merges that would conflict. */
export function findInChanges(snapshot: Snapshot): readonly Finding[] {
  return [
    ...doubleChanges(snapshot),
    ...foreignChanges(snapshot),
    ...snapshot.mergeConflicts.map(({ agents, branches, paths }) =>
      finding({
        kind: 'MERGE_CONFLICT',
        key: branches.join('+'),
        severity: 'warning',
        message: `${branches.join(' and ')} will not merge: ${paths.join(', ')}`,
        agents,
        paths,
        evidence: ['git merge-tree of the two heads'],
      }),
    ),
  ];
}

function doubleChanges(snapshot: Snapshot): readonly Finding[] {
  const byPath = groupBy(snapshot.changes, ({ path }) => path);
  return [...byPath].flatMap(([path, changes]) => {
    const counted = changes.filter((change) => isDisputed(change, changes));
    const agents = [...new Set(counted.map(({ agent }) => agent))].toSorted();
    if (agents.length < 2 || wasHandedOver(snapshot, path, agents)) return [];
    return [
      finding({
        kind: 'MULTIPLE_MODIFICATIONS',
        key: path,
        severity: 'error',
        message: `${agents.join(' and ')} changed ${path}`,
        agents,
        paths: [path],
        evidence: counted.map(describe).toSorted(),
      }),
    ];
  });
}

// Where a path is meant to have several writers in turn, only changes that lie side by side, uncommitted, collide.
function isDisputed(change: ObservedChange, all: readonly ObservedChange[]): boolean {
  if (change.access === 'PARTITIONED') return false;
  if (change.access !== 'SEQUENTIAL') return true;
  return (
    change.source === 'worktree' &&
    all.some((other) => other.source === 'worktree' && other.worktree !== change.worktree)
  );
}

function foreignChanges(snapshot: Snapshot): readonly Finding[] {
  const foreign = snapshot.changes.filter(
    (change) => !change.mayWrite && !wasHandedOver(snapshot, change.path, [change.agent]),
  );
  const byKey = groupBy(foreign, ({ path, agent }) => `${agent}:${path}`);
  return [...byKey].flatMap(([key, [first, ...others]]) =>
    first === undefined
      ? []
      : [
          finding({
            kind: 'OUTSIDE_OWNERSHIP',
            key,
            severity: 'error',
            message:
              first.access === 'READ-ONLY'
                ? `${first.agent} changed ${first.path}, which nobody may write`
                : `${first.agent} changed ${first.path}, which belongs to ${first.owner}`,
            agents: [first.agent],
            paths: [first.path],
            since: first.at,
            evidence: [first, ...others].map(describe).toSorted(),
          }),
        ],
  );
}

// A handoff that was taken up lets its receiver write, and its giver have written.
function wasHandedOver(snapshot: Snapshot, path: string, agents: readonly string[]): boolean {
  const taken = snapshot.handoffs.filter(
    ({ state, files }) =>
      (state === 'accepted' || state === 'completed') &&
      files.some((file) => path === file || path.startsWith(`${file}/`)),
  );
  return agents.every((agent) =>
    taken.some(({ to, from }) => isSameAgent(to, agent) || (agents.length > 1 && isSameAgent(from, agent))),
  );
}

function describe({ agent, source, worktree, path }: ObservedChange): string {
  switch (source) {
    case 'message':
      return `${agent} says so`;
    case 'commit':
      return `a commit of ${agent} in ${worktree}`;
    case 'worktree':
      return `${path} is changed in ${worktree}, the worktree of ${agent}`;
  }
}
