import type { PlanHeader, PlanTask } from '#protocol';
import { createRandom } from './random.ts';

const HASH = `sha256:${'0'.repeat(64)}`;

/** Plans as a seed decides: tasks that depend only on earlier ones and share some files. */
export function randomPlans(
  seed: number,
  size: { readonly agents: number; readonly tasks: number },
): readonly PlanHeader[] {
  const random = createRandom(seed ^ 0x5eed);
  const tasks = Array.from({ length: size.tasks }, (_, index): PlanTask & { owner: number } => ({
    id: `T-${index + 1}`,
    title: `Task ${index + 1}`,
    files: {
      create: [`src/${index + 1}.ts`],
      modify: random.chance(0.4)
        ? [`shared/${random.between(1, 3)}.ts`, `shared/${random.between(4, 5)}.ts`]
        : [],
      read: [],
    },
    depends_on: index > 0 && random.chance(0.4) ? [`T-${random.between(1, index)}`] : [],
    estimate_minutes: random.between(2, 20),
    start_minute: index,
    owner: random.between(0, size.agents - 1),
  }));
  return Array.from({ length: size.agents }, (_, index) => ({
    version: 1,
    agent: `agent-${index + 1}`,
    role: 'developer',
    feature: 'Simulation',
    prd_hash: HASH,
    tasks: tasks.filter(({ owner }) => owner === index).map(({ owner: _owner, ...task }) => task),
  }));
}
