import { join } from 'node:path';
import type { Store } from '#store';
import { findHookPlace } from './hook-place.ts';
import { HOOK_NAMES, hasBlock, type HookName } from './hook-script.ts';
import { hasLefthookBlock, isCalledByGit } from './lefthook.ts';

/** One of our hooks: git runs it, or it is installed and git passes over it. */
export interface HookState {
  readonly hook: HookName;
  readonly isRun: boolean;
  /** What makes git run it. */
  readonly cure: string;
}

const OWNER_RUNS = 0o100;

/** Our hooks in this repository as they stand; empty where nobody installed them. */
export async function hookStates(store: Store, root: string): Promise<readonly HookState[]> {
  const place = await findHookPlace(store, root);
  if (place.kind === 'lefthook') {
    if (!hasLefthookBlock(store, place)) return [];
    return HOOK_NAMES.map((hook) => ({
      hook,
      isRun: isCalledByGit(store, place, hook),
      cure: 'lefthook install',
    }));
  }
  return HOOK_NAMES.flatMap((hook) => {
    const path = join(place.folder, hook);
    if (!hasBlock(store.readText(path) ?? '')) return [];
    const mayRun = ((store.stat(path)?.permissions ?? 0) & OWNER_RUNS) !== 0;
    return [{ hook, isRun: place.kind === 'husky' || mayRun, cure: `chmod +x '${path}'` }];
  });
}
