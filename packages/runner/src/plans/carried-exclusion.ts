import { homedir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '#git';
import type { WorktreeRecord, WorktreeWorld } from '#worktree';

/**
 * Environment under which git, in this worktree, ignores the files that were carried into it: they are untracked in the
 * person's checkout, and a commit of them would stand in the way when the branch comes home. The person's own ignore
 * file still counts. Nothing of the repository's configuration is changed.
 */
export async function carriedExclusion(
  { store, home }: WorktreeWorld,
  record: WorktreeRecord,
  env: NodeJS.ProcessEnv = {},
): Promise<Readonly<Record<string, string>>> {
  if (record.carried.length === 0) return {};
  const named = (await runGit(['config', '--path', 'core.excludesFile'], { cwd: record.path })).stdout.trim();
  const usual = join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'git', 'ignore');
  const own = store.readText(named === '' ? usual : named) ?? '';
  const path = join(home.squadDir, '.run', 'excludes', record.name);
  store.writeAtomic(
    path,
    [own.trimEnd(), ...record.carried.map((entry) => patternOf(entry.path)), ''].join('\n'),
  );
  const index = Number(env['GIT_CONFIG_COUNT'] ?? 0) || 0;
  return {
    GIT_CONFIG_COUNT: String(index + 1),
    [`GIT_CONFIG_KEY_${index}`]: 'core.excludesFile',
    [`GIT_CONFIG_VALUE_${index}`]: path,
  };
}

// gitignore(5): rooted, every special character taken literally, a trailing space kept.
function patternOf(path: string): string {
  return `/${path.replace(/[\\*?[\]!#]/gu, '\\$&').replace(/ $/u, '\\ ')}`;
}
