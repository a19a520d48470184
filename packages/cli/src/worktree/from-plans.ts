import { join } from 'node:path';
import { resolveCommit } from '#git';
import { parseFrontMatter } from '#markdown';
import { planHeaderSchema, SquadError, type PlanHeader } from '#protocol';
import { byCodeUnit } from '#store';
import { isDelivered, readWorktree, type WorktreeRequest } from '#worktree';
import type { Worktrees } from './open.ts';

/** An agent whose every task needs work of others that is not merged yet. */
export interface Waiting {
  readonly name: string;
  readonly for: readonly string[];
}

/**
 * A worktree per plan. An agent that has at least one task it can begin gets it now; one that can begin nothing is
 * cut later, from the merged work of those it waits for.
 */
export async function requestsFromPlans(
  worktrees: Worktrees,
  base: string | undefined,
): Promise<{ requests: readonly WorktreeRequest[]; waiting: readonly Waiting[] }> {
  const plans = readPlanHeaders(worktrees);
  const delivered = await deliveredAgents(worktrees, plans, base);
  const requests: WorktreeRequest[] = [];
  const waiting: Waiting[] = [];
  for (const plan of plans) {
    const missing = missingFor(plan, plans, delivered);
    if (missing.length > 0) waiting.push({ name: plan.agent, for: missing });
    else {
      const purpose = `${plan.feature}: ${plan.tasks.map(({ id }) => id).join(', ')}`;
      requests.push({
        name: plan.agent,
        agent: plan.agent,
        purpose,
        ...(base === undefined ? {} : { base }),
      });
    }
  }
  return { requests, waiting };
}

/** Front matter of every plan; `INPUT_INVALID` for one that cannot be read. */
export function readPlanHeaders({ squad, world }: Worktrees): readonly PlanHeader[] {
  const folder = join(squad.squadDir, 'parallel-plans');
  const files = world.store.list(folder).filter((name) => name.endsWith('-plan.md'));
  return files.flatMap((file) => {
    const path = join(folder, file);
    const document = parseFrontMatter(world.store.readText(path) ?? '', path);
    const decoded = document.ok ? planHeaderSchema.decode(document.value.data) : document;
    if (decoded.ok) return [decoded.value];
    throw new SquadError({
      code: 'INPUT_INVALID',
      message: `${path} has no readable plan header`,
      hint: 'run: squad-allocate --check',
      data: decoded.error,
    });
  });
}

/** The agents whose tasks the tasks of a plan depend on. */
export function agentsBefore(plan: PlanHeader, plans: readonly PlanHeader[]): readonly string[] {
  const owners = new Map(plans.flatMap(({ agent, tasks }) => tasks.map(({ id }) => [id, agent] as const)));
  const others = plan.tasks.flatMap(({ depends_on }) => depends_on.flatMap((id) => owners.get(id) ?? []));
  return [...new Set(others)].filter((agent) => agent !== plan.agent).toSorted(byCodeUnit);
}

async function deliveredAgents(
  { world, squad }: Worktrees,
  plans: readonly PlanHeader[],
  base: string | undefined,
): Promise<ReadonlySet<string>> {
  const commit = await resolveCommit(world.home.worktreeRoot, base ?? 'HEAD');
  const delivered = new Set<string>();
  for (const { agent } of plans) {
    const record = readWorktree(world.store, squad.squadDir, agent);
    if (record === undefined || commit === undefined) continue;
    if (await isDelivered(world.home.worktreeRoot, record, commit)) delivered.add(agent);
  }
  return delivered;
}

// A task that waits for tasks of its own agent is begun after them, so only tasks with nothing left to wait for count.
function missingFor(
  plan: PlanHeader,
  plans: readonly PlanHeader[],
  delivered: ReadonlySet<string>,
): readonly string[] {
  const owners = new Map(plans.flatMap(({ agent, tasks }) => tasks.map(({ id }) => [id, agent] as const)));
  const isOpen = (id: string): boolean => owners.has(id) && !delivered.has(owners.get(id) ?? '');
  const canBegin = plan.tasks.some(({ depends_on }) => !depends_on.some(isOpen));
  if (canBegin || plan.tasks.length === 0) return [];
  return agentsBefore(plan, plans).filter((agent) => !delivered.has(agent));
}
