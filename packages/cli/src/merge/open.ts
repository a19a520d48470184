import { readConfig } from '#config';
import { selectCandidates, type MergeWorld, type Selection } from '#merge';
import { printableLine, type PlanHeader } from '#protocol';
import type { Call, OptionSpec } from '../shell/command.ts';
import { agentsBefore, readPlanHeaders } from '../worktree/from-plans.ts';
import { lostLeases } from './lost-leases.ts';
import { openWorktrees } from '../worktree/open.ts';
import type { Squad } from '../shell/squad.ts';

/** The merge queue of the repository that the caller stands in. */
export interface Merging {
  readonly squad: Squad;
  readonly world: MergeWorld;
  readonly plans: readonly PlanHeader[];
}

/** The option that names the branch which is to move. */
export const INTO_OPTION: Readonly<Record<string, OptionSpec>> = {
  into: {
    kind: 'value',
    value: 'BRANCH',
    summary: 'the branch to merge into (default: the one the worktrees were cut from)',
  },
};

/** Opens it. Progress goes to stderr as it happens. */
export async function openMerging(call: Call): Promise<Merging> {
  const worktrees = await openWorktrees(call);
  const { squad, world } = worktrees;
  const { merge } = await readConfig(call.io.store, squad.squadDir);
  const onStep = (text: string): void => void call.io.stderr.write(`${printableLine(text)}\n`);
  return {
    squad,
    plans: readPlanHeaders(worktrees),
    world: { ...world, merge, env: call.io.env, onStep, signal: call.io.signal },
  };
}

/** What the command's names and `--into` choose, with the dependencies that plans and records state. */
export function selectFor(call: Call, { world, plans }: Merging): Promise<Selection> {
  const dependsOn = new Map(plans.map((plan) => [plan.agent, agentsBefore(plan, plans)] as const));
  return selectCandidates(world, {
    names: call.positionals,
    into: call.value('into'),
    dependsOn,
    objection: lostLeases(call),
  });
}
