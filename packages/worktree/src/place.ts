import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parseAgentId, SquadError } from '#protocol';
import { hashText } from '#store';
import type { WorktreeWorld } from './world.ts';

/**
 * The folder that holds this repository's worktrees: `<repository>.worktrees` beside it, or, in a configured folder,
 * a sub-folder that carries a hash of the repository's path, so that two repositories never meet.
 */
export function worktreesFolder({ home, settings }: WorktreeWorld): string {
  const { mainRoot } = home;
  if (settings.folder === '') return join(dirname(mainRoot), `${basename(mainRoot)}.worktrees`);
  const folder = isAbsolute(settings.folder) ? settings.folder : resolve(mainRoot, settings.folder);
  if (!relative(mainRoot, folder).startsWith('..')) return folder;
  const mark = hashText(mainRoot).slice('sha256:'.length, 'sha256:'.length + 8);
  return join(folder, `${basename(mainRoot)}-${mark}`);
}

/** True when worktrees lie inside the main worktree, where git must be told to ignore them. */
export function isInsideMain({ home }: WorktreeWorld, folder: string): boolean {
  const path = relative(home.mainRoot, folder);
  return path !== '' && !path.startsWith('..') && !isAbsolute(path);
}

/** Refuses, as `USAGE`, what cannot be a folder, a branch and an agent at once. */
export function checkName(name: string): string {
  const parsed = parseAgentId(name);
  if (parsed.ok && !name.endsWith('.lock')) return name;
  throw new SquadError({
    code: 'USAGE',
    message: `"${name}" cannot name a worktree`,
    hint: 'use letters, digits, "-", "_" and ".", at most 64, starting with a letter or digit',
  });
}
