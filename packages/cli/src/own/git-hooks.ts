import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { git, runGit } from '#git';
import type { EntryStat, Store } from '#store';
import { findHookPlace, type HookPlace } from './hook-place.ts';
import {
  HOOK_NAMES,
  hasBlock,
  isEmptyHook,
  isShellScript,
  withBlock,
  withoutBlock,
  wrapperOf,
} from './hook-script.ts';
import { installLefthook, uninstallLefthook } from './lefthook.ts';

/** What became of one hook. */
export interface HookChange {
  readonly hook: string;
  readonly path: string;
  /** `chained`: an existing hook goes on to run after ours. `manual`: `note` says what a person must add. */
  readonly change:
    | 'created'
    | 'chained'
    | 'updated'
    | 'unchanged'
    | 'removed'
    | 'restored'
    | 'absent'
    | 'manual';
  readonly note?: string;
}

/** The repository whose hooks are meant. */
export interface HookTarget {
  readonly store: Store;
  /** Root of the main worktree. */
  readonly root: string;
  readonly dryRun?: boolean;
}

const ASIDE = '.before-dotsquad';

/** Absolute path of the program that the hooks run when the repository has none of its own. */
export function ownBinPath(): string {
  return fileURLToPath(new URL('../bin/squad-own.js', import.meta.url));
}

/**
 * Installs the `pre-commit` and `pre-push` checks wherever this repository's hooks come from: `core.hooksPath`, husky,
 * lefthook, or `.git/hooks`. Existing hooks go on to run after ours; none is replaced. Safe to repeat.
 */
export async function installGitHooks(target: HookTarget): Promise<readonly HookChange[]> {
  const { store, root } = target;
  const place = await findHookPlace(store, root);
  const bin = ownBinPath();
  if (place.kind === 'lefthook') return installLefthook(target, place, bin);
  if (place.kind === 'shared') return installShared(target, place, bin);
  return HOOK_NAMES.map((hook): HookChange => {
    const path = join(place.folder, hook);
    const old = store.readText(path);
    // Husky runs what lies in its folder, executable or not.
    const isRun = place.kind === 'husky' || isRunByGit(store.stat(path));
    if (old !== undefined && !hasBlock(old) && !(isRun && isShellScript(old)))
      return wrapForeign(target, { hook, path, bin });
    const text = withBlock(old, hook, bin);
    if (text === old) return { hook, path, change: 'unchanged' };
    write(target, path, text);
    const before = old === undefined ? 'created' : hasBlock(old) ? 'updated' : 'chained';
    return { hook, path, change: before };
  });
}

/** Takes the checks out again; every hook is left as it was before, byte for byte. */
export async function uninstallGitHooks(target: HookTarget): Promise<readonly HookChange[]> {
  const { store, root } = target;
  const place = await findHookPlace(store, root);
  if (place.kind === 'lefthook') return uninstallLefthook(target, place.config);
  if (place.kind === 'shared') return uninstallShared(target, place);
  return HOOK_NAMES.map((hook): HookChange => {
    const path = join(place.folder, hook);
    const text = store.readText(path);
    if (text === undefined || !hasBlock(text)) return { hook, path, change: 'absent' };
    const aside = `${path}${ASIDE}`;
    if (store.stat(aside) !== undefined) {
      if (target.dryRun !== true) store.rename(aside, path);
      return { hook, path, change: 'restored' };
    }
    if (isEmptyHook(text)) {
      if (target.dryRun !== true) store.removeFile(path);
      return { hook, path, change: 'removed' };
    }
    write(target, path, withoutBlock(text));
    return { hook, path, change: 'restored' };
  });
}

// A block goes into a script that stands here and runs: behind a link lies a file of the project, and a hook that git passes over
// must not begin to run because of us.
function isRunByGit(entry: EntryStat | undefined): boolean {
  return entry?.kind === 'file' && (entry.permissions & OWNER_RUNS) !== 0;
}

const OWNER_RUNS = 0o100;

// A hook of another kind is moved aside and run by ours, if it is one that runs.
function wrapForeign(
  target: HookTarget,
  { hook, path, bin }: { hook: (typeof HOOK_NAMES)[number]; path: string; bin: string },
): HookChange {
  const aside = `${path}${ASIDE}`;
  if (target.dryRun !== true) target.store.rename(path, aside);
  write(target, path, wrapperOf(hook, bin, aside));
  return { hook, path, change: 'chained', note: `runs ${basename(aside)}` };
}

async function installShared(
  target: HookTarget,
  place: HookPlace & { kind: 'shared' },
  bin: string,
): Promise<readonly HookChange[]> {
  const { store, root } = target;
  const names = store.list(place.shared).filter((name) => /^[a-z-]+$/u.test(name));
  const changes = [...new Set([...HOOK_NAMES, ...names])].map((hook): HookChange => {
    const path = join(place.folder, hook);
    const ours = HOOK_NAMES.find((name) => name === hook);
    const text = wrapperOf(ours, bin, join(place.shared, hook));
    if (store.readText(path) === text) return { hook, path, change: 'unchanged' };
    write(target, path, text);
    return { hook, path, change: 'chained', note: `runs ${join(place.shared, hook)}` };
  });
  if (target.dryRun !== true) await git(['config', '--local', 'core.hooksPath', place.folder], { cwd: root });
  return changes;
}

async function uninstallShared(
  { store, root, dryRun }: HookTarget,
  place: HookPlace & { kind: 'shared' },
): Promise<readonly HookChange[]> {
  const hooks = store.list(place.folder);
  if (dryRun !== true) {
    await runGit(['config', '--local', '--unset', 'core.hooksPath'], { cwd: root });
    store.removeFolder(place.folder);
  }
  return hooks.map((hook) => ({ hook, path: join(place.folder, hook), change: 'removed' }));
}

function write({ store, dryRun }: HookTarget, path: string, text: string): void {
  if (dryRun === true) return;
  const entry = store.stat(path);
  store.writeAtomic(path, text, { permissions: entry?.kind === 'file' ? entry.permissions : 0o755 });
}
