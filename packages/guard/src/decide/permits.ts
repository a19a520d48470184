import { foldHandoffs, isSameAgent, readComms } from '#comms';
import { isOwner, type Resolution } from '#ownership';
import { isWithin, parseRepoPath, type CommBlock, type PlanHeader, type RepoPath } from '#protocol';
import type { Store } from '#store';
import { readAgentPlan } from '../agent-plan.ts';

/** What lets an agent write a path that the matrix gives to another. Looked up only then, because it reads more files. */
export interface Permit {
  readonly covers: (path: RepoPath, resolution: Resolution) => Promise<boolean>;
  readonly blocks: () => readonly CommBlock[];
  readonly plan: () => Promise<PlanHeader | undefined>;
}

/**
 * Two things count: the role that the agent's plan gives it, when the rule names a role; and a handoff of the path by its
 * owner that the agent accepted and has not completed.
 */
export function createPermit(store: Store, squadDir: string, agent: string | undefined): Permit {
  let blocks: readonly CommBlock[] | undefined;
  let plan: Promise<PlanHeader | undefined> | undefined;
  const permit: Permit = {
    blocks: () => (blocks ??= readComms(store, squadDir).blocks),
    plan: () =>
      (plan ??= agent === undefined ? Promise.resolve(undefined) : readAgentPlan(store, squadDir, agent)),
    async covers(path, resolution) {
      if (agent === undefined || resolution.kind === 'ambiguous') return false;
      const { owner } = resolution.rule;
      const role = (await permit.plan())?.role;
      if (role !== undefined && isOwner(owner, { agent, roles: [role] })) return true;
      for (const giver of giversOf(permit.blocks(), agent, path)) {
        const roles = [(await readAgentPlan(store, squadDir, giver))?.role ?? ''];
        if (isOwner(owner, { agent: giver, roles })) return true;
      }
      return false;
    },
  };
  return permit;
}

// Agents whose handoff of the path this agent accepted and has not completed.
function giversOf(blocks: readonly CommBlock[], agent: string, path: RepoPath): readonly string[] {
  return foldHandoffs(blocks).handoffs.flatMap(({ from, to, state, files }) => {
    if (state !== 'accepted' || !isSameAgent(to, agent)) return [];
    const isHanded = files.some((file) => {
      const handed = parseRepoPath(file);
      return handed.ok && isWithin(handed.value, path);
    });
    return isHanded ? [from] : [];
  });
}
