import { git } from './run-git.ts';

/** One checkout of a repository, as `git worktree list` names it. */
export interface ListedWorktree {
  readonly path: string;
  readonly head: string | undefined;
  /** Short name; `undefined` when HEAD is detached or the repository is bare. */
  readonly branch: string | undefined;
  readonly isBare: boolean;
  /** The reason given with the lock, empty when none was. */
  readonly locked: string | undefined;
  /** Why git would prune it. */
  readonly prunable: string | undefined;
}

/** Every checkout of the repository that `cwd` is in; the main one first. */
export async function listWorktrees(cwd: string): Promise<readonly ListedWorktree[]> {
  return parseWorktreeList(await git(['worktree', 'list', '--porcelain', '-z'], { cwd }));
}

/** Reads `git worktree list --porcelain -z`. */
export function parseWorktreeList(text: string): readonly ListedWorktree[] {
  return text
    .split('\0\0')
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const fields = new Map<string, string>();
      for (const line of block.split('\0')) {
        const space = line.indexOf(' ');
        if (space === -1) fields.set(line, '');
        else fields.set(line.slice(0, space), line.slice(space + 1));
      }
      return {
        path: fields.get('worktree') ?? '',
        head: fields.get('HEAD'),
        branch: fields.get('branch')?.replace(/^refs\/heads\//u, ''),
        isBare: fields.has('bare'),
        locked: fields.get('locked'),
        prunable: fields.get('prunable'),
      };
    });
}
