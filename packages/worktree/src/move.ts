import { resolve } from 'node:path';
import { git, listWorktrees } from '#git';
import { SquadError } from '#protocol';
import { inspectWorktree, lookAround } from './inspect.ts';
import type { WorktreeRecord } from './record.ts';
import { writeWorktree } from './records.ts';
import type { WorktreeWorld } from './world.ts';

/** Moves a worktree's folder and its record. Refuses while a process works in it. */
export async function moveWorktree(
  world: WorktreeWorld,
  record: WorktreeRecord,
  to: { readonly path: string; readonly cwd: string },
): Promise<WorktreeRecord> {
  const { store, home } = world;
  const cwd = home.mainRoot;
  const state = await inspectWorktree(world, record, await lookAround(cwd));
  if (state.processes.length > 0) {
    throw new SquadError({
      code: 'WORKTREE_BUSY',
      message: `process ${state.processes.join(', ')} works in ${record.path}`,
      hint: 'end it (or leave the folder), then try again',
    });
  }
  const path = resolve(to.cwd, to.path);
  await git(['worktree', 'move', record.path, path], { cwd });
  const listed = (await listWorktrees(cwd)).find(
    ({ branch, head }) => branch === state.branch && head === state.head,
  );
  // Moved into an existing folder, it keeps its last name there: git's answer counts.
  const moved: WorktreeRecord = {
    ...record,
    path: state.branch === undefined ? path : (listed?.path ?? path),
  };
  writeWorktree(store, home.squadDir, moved);
  return moved;
}
