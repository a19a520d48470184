import { join } from 'node:path';
import type { Store } from '#store';

/** Whose worktree is whose, by the records in `.squad/worktrees/`: agent to absolute path. */
export function readWorktreeOwners(store: Store, squadDir: string): ReadonlyMap<string, string> {
  const folder = join(squadDir, 'worktrees');
  const owners = new Map<string, string>();
  for (const name of store.list(folder).filter((entry) => entry.endsWith('.json'))) {
    try {
      const record = JSON.parse(store.readText(join(folder, name)) ?? '') as Record<string, unknown>;
      const { agent, path } = record;
      if (typeof agent === 'string' && typeof path === 'string') owners.set(agent, path);
    } catch {
      // A record that is being written or is broken tells nothing; the branch's name may.
    }
  }
  return owners;
}
