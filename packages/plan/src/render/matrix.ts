import type { OwnershipMatrix, OwnershipRule } from '#protocol';
import type { Plan } from '../plan/plan.ts';

/** The ownership matrix of a plan. Zones are left to the ownership room's own. */
export function matrixOf(plan: Plan): Pick<OwnershipMatrix, 'version' | 'default' | 'paths'> {
  const paths: Record<string, OwnershipRule> = {};
  for (const { path, owner, access, order, why } of plan.ownership) {
    paths[path] = { owner, access, ...(order.length > 0 ? { order } : {}), why };
  }
  return {
    version: 1,
    default: {
      owner: 'NONE',
      access: 'SEQUENTIAL',
      why: 'no task is known to write it: anyone, one at a time',
    },
    paths,
  };
}
