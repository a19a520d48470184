import { finding, type Finding } from '../model/finding.ts';
import { groupBy } from '../model/group-by.ts';
import type { JudgedTask } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** After this many failures a task goes to somebody else. */
export const FAILURES_ALLOWED = 3;

/** Failing tasks and what hangs on them, dependencies nobody has, claims without proof, and drift from the plan. */
export function findInTasks(snapshot: Snapshot, tasks: readonly JudgedTask[]): readonly Finding[] {
  return [...failures(tasks), ...missing(tasks), ...claims(tasks), ...drift(snapshot, tasks)];
}

/** Everything that directly or indirectly depends on a task, in order of the plan. */
export function downstreamOf(tasks: readonly JudgedTask[], id: string): readonly JudgedTask[] {
  const reached = new Set([id]);
  for (let grew = true; grew;) {
    const more = tasks.filter(
      (task) => !reached.has(task.id) && task.dependsOn.some((each) => reached.has(each)),
    );
    for (const task of more) reached.add(task.id);
    grew = more.length > 0;
  }
  return tasks.filter((task) => task.id !== id && reached.has(task.id));
}

function failures(tasks: readonly JudgedTask[]): readonly Finding[] {
  return tasks
    .filter(({ state }) => state === 'failed')
    .flatMap((task) => {
      const after = downstreamOf(tasks, task.id);
      const agents = [...new Set(after.map(({ agent }) => agent))];
      const count = task.failures.length;
      return [
        ...(count < FAILURES_ALLOWED
          ? []
          : [
              finding({
                kind: 'TASK_FAILED_REPEATEDLY',
                key: task.id,
                severity: 'error',
                message: `${task.id} failed ${count} times with ${task.agent}`,
                agents: [task.agent],
                tasks: [task.id],
                evidence: task.failures.map(({ agent, error }) => `${agent}: ${error}`),
              }),
            ]),
        ...(after.length === 0
          ? []
          : [
              finding({
                kind: 'CASCADE',
                key: task.id,
                severity: 'warning',
                message: `${task.id} failed, and ${after.map(({ id }) => id).join(', ')} depend on it`,
                agents,
                tasks: after.map(({ id }) => id),
              }),
            ]),
      ];
    });
}

function missing(tasks: readonly JudgedTask[]): readonly Finding[] {
  const known = new Set(tasks.filter(({ isPlanned }) => isPlanned).map(({ id }) => id));
  return tasks.flatMap((task) =>
    task.dependsOn
      .filter((id) => !known.has(id))
      .map((id) =>
        finding({
          kind: 'MISSING_DEPENDENCY',
          key: `${task.id}:${id}`,
          severity: 'error',
          message: `${task.id} depends on ${id}, which no plan holds`,
          agents: [task.agent],
          tasks: [task.id],
        }),
      ),
  );
}

function claims(tasks: readonly JudgedTask[]): readonly Finding[] {
  return tasks
    .filter(({ state }) => state === 'claimed')
    .map((task) =>
      finding({
        kind: 'CLAIM_WITHOUT_EVIDENCE',
        key: task.id,
        severity: 'warning',
        message: `${task.id} is claimed complete: ${task.why}`,
        agents: [task.completion?.agent ?? task.agent],
        tasks: [task.id],
        since: task.completion?.at,
      }),
    );
}

function drift(snapshot: Snapshot, tasks: readonly JudgedTask[]): readonly Finding[] {
  if (!tasks.some(({ isPlanned }) => isPlanned)) return [];
  const unplanned = tasks.filter(({ isPlanned }) => !isPlanned);
  const moved = tasks.filter(
    ({ missingFiles, state }) =>
      missingFiles.length > 0 && !['complete', 'review', 'skipped'].includes(state),
  );
  return [
    ...unplanned.map((task) =>
      finding({
        kind: 'PLAN_DRIFT',
        key: `task:${task.id}`,
        severity: 'info',
        message: `${task.agent} works on ${task.id}, which no plan names`,
        agents: [task.agent],
        tasks: [task.id],
        since: task.startedAt,
      }),
    ),
    ...moved.map((task) =>
      finding({
        kind: 'PLAN_DRIFT',
        key: `files:${task.id}`,
        severity: 'warning',
        message: `${task.id} is to change ${task.missingFiles.join(', ')}, which no longer exists`,
        agents: [task.agent],
        tasks: [task.id],
        paths: task.missingFiles,
      }),
    ),
    ...unplannedPaths(snapshot, tasks),
  ];
}

function unplannedPaths(snapshot: Snapshot, tasks: readonly JudgedTask[]): readonly Finding[] {
  const named = tasks.flatMap(({ files }) => files);
  const covers = (pattern: string, path: string): boolean => {
    const plain = pattern.replace(/^\/+/u, '');
    const star = plain.search(/[*?[{]/u);
    const fixed = star === -1 ? plain : plain.slice(0, star);
    return path === plain || path.startsWith(star === -1 ? `${fixed.replace(/\/+$/u, '')}/` : fixed);
  };
  const strange = snapshot.changes.filter(
    ({ path, access }) => access === 'EXCLUSIVE' && !named.some((pattern) => covers(pattern, path)),
  );
  const byAgent = groupBy(strange, ({ agent }) => agent);
  return [...byAgent].map(([agent, changes]) => {
    const paths = [...new Set(changes.map(({ path }) => path))].toSorted();
    return finding({
      kind: 'PLAN_DRIFT',
      key: `paths:${agent}`,
      severity: 'info',
      message: `${agent} changed ${paths.length} ${paths.length === 1 ? 'path' : 'paths'} that no task names: ${paths.slice(0, 5).join(', ')}`,
      agents: [agent],
      paths,
    });
  });
}
