import { isSameAgent } from '#comms';
import { saveBackup } from '#git';
import { ownershipPath } from '#ownership';
import { renderInstant } from '#protocol';
import type { JudgedTask } from '../model/judgement.ts';
import { REASSIGNED_BY } from '../model/snapshot.ts';
import { overlaps } from '../reconcile/waiting-graph.ts';
import { appendToPlan } from './append-to-plan.ts';
import { moveOwnership } from './move-ownership.ts';
import { base, write, type ActOutcome, type PerformerPorts, type Seen } from './perform.ts';

/** Which task goes to whom, and why. */
export interface ReassignOrder {
  readonly taskId: string;
  readonly from: string;
  readonly to: string;
  readonly by: keyof typeof REASSIGNED_BY;
  readonly reason: string;
}

/**
 * Moves a task to another agent: saves the old holder's uncommitted work under a backup ref without touching its tree,
 * moves its leases (which fences it: its tokens are void), moves ownership, appends the task to the new plan, and last
 * announces it with everything the receiver needs. The announcement is what counts; a crash before it repeats all.
 */
export async function reassign(ports: PerformerPorts, order: ReassignOrder, seen: Seen): Promise<ActOutcome> {
  const task = seen.judgement.tasks.find(({ id }) => id === order.taskId);
  if (task === undefined || isSameAgent(task.agent, order.to)) return { kind: 'moot' };
  const id = `${REASSIGNED_BY[order.by]}-${order.taskId.replace(/[^\w.-]+/gu, '-')}-${seen.snapshot.reassignments.filter(({ taskId }) => taskId === order.taskId).length + 1}`;
  const backup = await backupOf(order, seen, ports.backup ?? saveBackup);
  const held = seen.snapshot.leases.filter(
    (lease) =>
      !lease.isExpired &&
      isSameAgent(lease.agent, order.from) &&
      task.files.some((file) => overlaps(file, lease.path)),
  );
  const moved =
    held.length === 0
      ? []
      : ports.leases.move({ from: order.from, to: order.to, paths: held.map(({ path }) => path) });
  const owned = task.files.filter((file) => !/[*?[{]/u.test(file));
  moveOwnership(ports.store, ownershipPath(ports.squadDir), {
    paths: owned,
    to: order.to,
    why: `${order.taskId} from ${order.from}`,
  });
  appendToPlan(ports.store, ports.squadDir, { task, from: order.from, to: order.to });
  write(ports, {
    kind: 'reassignment',
    ...base(ports),
    id,
    taskId: order.taskId,
    from: order.from,
    to: order.to,
    reason: order.reason,
    details: packageOf(task, { backup, moved, seen, from: order.from }),
  });
  return { kind: 'done', detail: `${id}${backup === undefined ? '' : `, backup ${backup.ref}`}` };
}

async function backupOf(
  order: ReassignOrder,
  seen: Seen,
  save: typeof saveBackup,
): Promise<{ ref: string; undo: string } | undefined> {
  const { worktrees } = seen.snapshot;
  const name = `reassign-${order.from}`;
  const reason = `${order.taskId} goes to ${order.to}`;
  const own = worktrees.find(({ agent }) => agent !== undefined && isSameAgent(agent, order.from));
  if (own !== undefined) return save(own.path, name, { reason });
  const shared = worktrees.find(({ isMain }) => isMain);
  const only = shared === undefined ? [] : partOf(order, seen, shared.dirty);
  if (shared === undefined || only.length === 0) return undefined;
  const saved = await save(shared.path, name, { reason, only });
  return saved.hasChanges ? saved : undefined;
}

// Of a tree that several share: what the task, the agent's leases or its own words name.
function partOf(
  { taskId, from }: ReassignOrder,
  { snapshot, judgement }: Seen,
  dirty: readonly string[],
): readonly string[] {
  const named = [
    ...(judgement.tasks.find(({ id }) => id === taskId)?.files ?? []),
    ...snapshot.leases.filter(({ agent }) => isSameAgent(agent, from)).map(({ path }) => path),
    ...snapshot.changes.filter(({ agent }) => isSameAgent(agent, from)).map(({ path }) => path),
  ];
  // Up to its first wildcard: rather a file too many than one too few.
  const fixed = named.map((path) => path.replace(/\/?[^/]*[*?[{].*$/u, ''));
  return dirty.filter((path) => fixed.some((each) => each === '' || overlaps(each, path)));
}

// What the receiver must know to go on; the seed calls it the package.
function packageOf(
  task: JudgedTask,
  from: {
    backup: { ref: string; undo: string } | undefined;
    moved: readonly string[];
    seen: Seen;
    from: string;
  },
): Readonly<Record<string, string>> {
  const agent = from.seen.judgement.agents.find(({ id }) => isSameAgent(id, from.from));
  const said = agent?.said;
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['Goal', task.title],
    ['Files', task.files.join(', ')],
    [
      'Done So Far',
      said?.taskId === task.id && said.done !== undefined ? `${said.done}/${said.total ?? '?'}` : task.why,
    ],
    ['Diff Ref', from.backup?.ref],
    ['Restore With', from.backup?.undo],
    ['Leases Moved', from.moved.join(', ')],
    [
      'Last Status',
      said === undefined
        ? undefined
        : `${said.status}${said.at === undefined ? '' : ` at ${renderInstant(said.at)}`}`,
    ],
    ['Blockers', said?.waitingFor ?? task.failures.at(-1)?.error],
    ['Next Step', said?.next ?? `begin with ${task.files[0] ?? task.title}`],
  ];
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const])),
  );
}
