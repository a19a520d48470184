import { DEFAULT_CONFIG } from '#config';
import {
  createHandOff,
  finishRun,
  forecastMerges,
  selectCandidates,
  startRun,
  type MergeRun,
  type MergeSettings,
  type MergeWorld,
  type RunResult,
} from '#merge';
import { createWorktree, type WorktreeRequest } from '#worktree';
import { cleanEnvironment } from './bins.ts';
import { commitIn, testWorktrees } from './worktrees.ts';

/** A repository with the merge service over it, and the steps it reported. */
export function testMerging(
  files: Readonly<Record<string, string>> = { 'a.txt': '1\n2\n3\n4\n5\n' },
  merge: Partial<MergeSettings> = {},
): { readonly root: string; readonly world: MergeWorld; readonly steps: string[] } {
  const { root, world } = testWorktrees(files);
  const steps: string[] = [];
  return {
    root,
    steps,
    world: {
      ...world,
      merge: { ...DEFAULT_CONFIG.merge, ...merge },
      env: cleanEnvironment(),
      onStep: (text) => void steps.push(text),
    },
  };
}

/** A worktree with one commit of these files. */
export async function workOn(
  world: MergeWorld,
  request: WorktreeRequest | string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const { path } = await createWorktree(world, typeof request === 'string' ? { name: request } : request);
  return commitIn(path, files);
}

/** Merges everything there is into main. */
export async function mergeAll(
  world: MergeWorld,
  options: Partial<Pick<MergeRun, 'strategy' | 'test' | 'types' | 'batch'>> & {
    readonly names?: readonly string[];
  } = {},
): Promise<RunResult> {
  const selection = await selectCandidates(world, { names: options.names ?? [], into: 'main' });
  const { order } = await forecastMerges(world, selection);
  const run = startRun(world, selection, {
    strategy: options.strategy ?? 'sequential',
    test: options.test ?? world.merge.test,
    types: options.types ?? world.merge.types,
    batch: options.batch ?? false,
    order,
  });
  return finishRun(world, run, createHandOff(world, []));
}

/** Name and state of each branch of a run. */
export function statesOf({ run }: RunResult): Readonly<Record<string, string>> {
  return Object.fromEntries(run.entries.map(({ name, state }) => [name, state]));
}
