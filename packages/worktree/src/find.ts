import { SquadError } from '#protocol';
import type { WorktreeRecord } from './record.ts';
import { readWorktree, readWorktrees } from './records.ts';
import type { WorktreeWorld } from './world.ts';

/** The worktree of that name, branch or folder; `WORKTREE_UNKNOWN` when there is none. */
export function findWorktree({ store, home }: WorktreeWorld, name: string): WorktreeRecord {
  const records = readWorktrees(store, home.squadDir);
  const found =
    (/^[\w.-]+$/u.test(name) ? readWorktree(store, home.squadDir, name) : undefined) ??
    records.find(({ branch, path }) => branch === name || path === name);
  if (found !== undefined) return found;
  const names = records.map((record) => record.name);
  throw new SquadError({
    code: 'WORKTREE_UNKNOWN',
    message: `there is no worktree "${name}"`,
    hint: names.length === 0 ? 'make one: squad-worktree create NAME' : `there are: ${names.join(', ')}`,
    data: { names },
  });
}
