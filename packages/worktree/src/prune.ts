import { join } from 'node:path';
import { INERT, listWorktrees, runGit, type ListedWorktree } from '#git';
import { equip, isAbandoned } from './create.ts';
import type { WorktreeRecord } from './record.ts';
import { dropWorktree, readWorktrees, writeWorktree } from './records.ts';
import { asideOf, finishRemoval, removeMissing } from './remove.ts';
import { freeResources, heldPorts } from './resources.ts';
import type { WorktreeWorld } from './world.ts';

/** One thing that was put in order. */
export interface Pruned {
  readonly name: string;
  readonly what: string;
  readonly backup?: string;
}

/**
 * Puts in order what a crash or a person's `rm -r` left: finishes interrupted making and removing, forgets worktrees
 * whose folder is gone (after saving what git still knows of them; their branches stay), follows moved ones, frees
 * ports. Touches nothing that somebody may still be working on.
 */
export async function pruneWorktrees(world: WorktreeWorld): Promise<readonly Pruned[]> {
  const listed = await listWorktrees(world.home.mainRoot);
  const records = readWorktrees(world.store, world.home.squadDir);
  const done: Pruned[] = [];
  for (const record of records) done.push(...(await pruneOne(world, record, listed)));
  const names = new Set(readWorktrees(world.store, world.home.squadDir).map(({ name }) => name));
  for (const { port, holder } of heldPorts(world)) {
    if (names.has(holder)) continue;
    freeResources(world, { name: holder, env: {} });
    done.push({ name: holder, what: `freed port ${port}` });
  }
  return done;
}

async function pruneOne(
  world: WorktreeWorld,
  record: WorktreeRecord,
  listed: readonly ListedWorktree[],
): Promise<readonly Pruned[]> {
  const { store, home } = world;
  const { name } = record;
  if (record.state !== 'ready' && !isAbandoned(record)) return [];
  if (store.stat(asideOf(record)) !== undefined) {
    const removal = await finishRemoval(world, record);
    return [
      {
        name,
        what: 'finished its removal',
        ...(removal.kind === 'removed' ? { backup: removal.backup } : {}),
      },
    ];
  }
  if (record.state === 'creating') return [await finishCreation(world, record, listed)];
  const exists = store.stat(join(record.path, '.git')) !== undefined;
  if (exists && record.state === 'ready') return [];
  if (exists) {
    const { maker: _, ...kept } = record;
    writeWorktree(store, home.squadDir, { ...kept, state: 'ready' });
    return [{ name, what: 'kept: its removal was interrupted before anything was gone' }];
  }
  const moved = listed.find((other) => other.branch === record.branch && other.prunable === undefined);
  if (moved !== undefined && moved.path !== record.path) {
    writeWorktree(store, home.squadDir, { ...record, path: moved.path });
    return [{ name, what: `followed to ${moved.path}` }];
  }
  const removal = await removeMissing(world, record, record.state === 'removing');
  const backup = removal.kind === 'removed' && removal.backup !== '' ? { backup: removal.backup } : {};
  return [{ name, what: 'forgot it: its folder is gone, its branch stays', ...backup }];
}

// Git marks a worktree that it is still filling as locked; its maker is provably dead, so it is undone.
async function finishCreation(
  world: WorktreeWorld,
  record: WorktreeRecord,
  listed: readonly ListedWorktree[],
): Promise<Pruned> {
  const { store, home } = world;
  const cwd = home.mainRoot;
  const entry = listed.find(({ path }) => path === record.path);
  const isWhole = entry !== undefined && entry.locked === undefined && entry.prunable === undefined;
  if (isWhole) {
    await equip(world, record);
    return { name: record.name, what: 'finished its making' };
  }
  if (entry !== undefined) await runGit(['worktree', 'unlock', record.path], { cwd });
  const aside = `${record.path}.half-made-${world.newId().slice(-6).toLowerCase()}`;
  const hasFolder = store.stat(record.path) !== undefined;
  if (hasFolder) store.rename(record.path, aside);
  if (entry !== undefined) await runGit(['worktree', 'remove', '--force', record.path], { cwd });
  if (record.createdBranch)
    await runGit([...INERT, 'update-ref', '-d', `refs/heads/${record.branch}`, record.start], { cwd });
  freeResources(world, record);
  dropWorktree(store, home.squadDir, record.name);
  return { name: record.name, what: `undid its making${hasFolder ? `; what was there is in ${aside}` : ''}` };
}
