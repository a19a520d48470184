import { join } from 'node:path';
import { git, runGit, splitZ } from '#git';
import { copyEntry, hashText, linkEntry } from '#store';
import type { CarriedEntry } from './record.ts';
import type { WorktreeWorld } from './world.ts';

/** Names of the file that lists, in the syntax of `.gitignore`, ignored files that worktrees need. */
const INCLUDE_FILE = '.worktreeinclude';

/**
 * Brings what git does not: ignored files that `.worktreeinclude` names, untracked files under `.claude/`, and the
 * configured copies and links. What already stands in the worktree is left alone.
 */
export async function carryFiles(world: WorktreeWorld, path: string): Promise<readonly CarriedEntry[]> {
  const from = world.home.mainRoot;
  const files = [...new Set([...(await included(world)), ...(await clientFiles(world))])];
  const carried: CarriedEntry[] = [];
  for (const file of [...files, ...world.settings.copy])
    carried.push(...copyOne(world, { from, path, file }));
  for (const file of world.settings.link) {
    if (world.store.stat(join(from, file)) === undefined) continue;
    if (linkEntry(join(from, file), join(path, file))) carried.push({ path: file, how: 'link' });
    await ignoreLink(world, path, file);
  }
  return carried.filter((entry, index) => carried.findIndex((other) => other.path === entry.path) === index);
}

function copyOne(
  { store }: WorktreeWorld,
  what: { from: string; path: string; file: string },
): readonly CarriedEntry[] {
  const source = join(what.from, what.file);
  const target = join(what.path, what.file);
  const bytes = store.stat(source)?.kind === 'file' ? store.readBytes(source) : undefined;
  const entry: CarriedEntry = { path: what.file, how: 'copy', ...(bytes ? { hash: hashText(bytes) } : {}) };
  if (store.stat(source) === undefined) return [];
  if (store.stat(target) === undefined) copyEntry(source, target);
  else if (bytes === undefined || hashText(store.readBytes(target) ?? '') !== entry.hash) return [];
  return [entry];
}

async function included({ store, home }: WorktreeWorld): Promise<readonly string[]> {
  const file = join(home.mainRoot, INCLUDE_FILE);
  if (store.stat(file) === undefined) return [];
  const options = { cwd: home.mainRoot };
  const named = await git(['ls-files', '--others', '--ignored', `--exclude-from=${file}`, '-z'], options);
  // Only what is ignored for git too: an untracked file that is not ignored is unfinished work, not equipment.
  const ignored = await runGit(['check-ignore', '-z', '--stdin'], { ...options, input: named });
  return splitZ(ignored.stdout).filter((path) => !path.endsWith('/'));
}

// `.claude/worktrees` holds another tool's worktrees: never copied into ours.
async function clientFiles({ home }: WorktreeWorld): Promise<readonly string[]> {
  const args = ['ls-files', '--others', '-z', '--', '.claude'];
  const files = splitZ((await runGit(args, { cwd: home.mainRoot })).stdout);
  return files.filter((path) => !path.endsWith('/') && !path.startsWith('.claude/worktrees/'));
}

// `node_modules/` with its slash ignores a folder but not a link of that name, which the next `git add` would commit.
async function ignoreLink({ store, home }: WorktreeWorld, path: string, file: string): Promise<void> {
  const ignored = await runGit(['check-ignore', '--quiet', '--no-index', file], { cwd: path });
  if (ignored.code === 0) return;
  const place = await git(['rev-parse', '--path-format=absolute', '--git-path', 'info/exclude'], {
    cwd: home.worktreeRoot,
  });
  const exclude = place.replace(/\n$/u, '');
  const text = store.readText(exclude) ?? '';
  if (text.split('\n').includes(`/${file}`)) return;
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  store.append(exclude, `${gap}# linked into worktrees by dotsquad\n/${file}\n`);
}
