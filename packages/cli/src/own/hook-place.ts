import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { git, runGit } from '#git';
import type { Store } from '#store';

/** Where this repository's hooks are written. */
export type HookPlace =
  /** A folder of scripts that belongs to this repository: git's own, or its `core.hooksPath`. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** Husky's folder of scripts. */
  | { readonly kind: 'husky'; readonly folder: string }
  /** lefthook makes the scripts of `folder`; its local configuration is where commands are added. */
  | { readonly kind: 'lefthook'; readonly config: string; readonly folder: string }
  /** `core.hooksPath` is for many repositories: ours go before them, in a folder of this repository. */
  | { readonly kind: 'shared'; readonly shared: string; readonly folder: string };

const LEFTHOOK = [
  'lefthook.yml',
  'lefthook.yaml',
  '.lefthook.yml',
  '.lefthook.yaml',
  'lefthook.toml',
  'lefthook.json',
];

/** Finds the place, from the configuration and the files of the repository. */
export async function findHookPlace(store: Store, root: string): Promise<HookPlace> {
  const commonDir = (
    await git(['rev-parse', '--path-format=absolute', '--git-common-dir'], { cwd: root })
  ).trim();
  const chained = join(commonDir, 'dotsquad-hooks');
  const answer = await runGit(['config', '--type=path', 'core.hooksPath'], { cwd: root });
  const configured = answer.stdout.trim();
  if (LEFTHOOK.some((name) => store.stat(join(root, name)) !== undefined)) {
    const made = configured === '' ? join(commonDir, 'hooks') : resolve(root, configured);
    return { kind: 'lefthook', config: join(root, 'lefthook-local.yml'), folder: made };
  }
  if (configured === '') return { kind: 'folder', folder: join(commonDir, 'hooks') };
  const folder = isAbsolute(configured) ? configured : resolve(root, configured);
  if (folder === chained) return { kind: 'shared', shared: await sharedFolder(root), folder: chained };
  if (basename(folder) === '_' && basename(dirname(folder)) === '.husky')
    return { kind: 'husky', folder: dirname(folder) };
  if (basename(folder) === '.husky') return { kind: 'husky', folder };
  const isOurs = [root, commonDir].some((place) => !relative(place, folder).startsWith('..'));
  return isOurs ? { kind: 'folder', folder } : { kind: 'shared', shared: folder, folder: chained };
}

/** The `core.hooksPath` that holds when this repository sets none. */
async function sharedFolder(root: string): Promise<string> {
  for (const scope of ['--global', '--system']) {
    const answer = await runGit(['config', scope, '--type=path', 'core.hooksPath'], { cwd: root });
    if (answer.code === 0 && answer.stdout.trim() !== '') return answer.stdout.trim();
  }
  return '';
}
