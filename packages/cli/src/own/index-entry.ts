import { setTimeout as delay } from 'node:timers/promises';
import { git, runGit, splitZ, type GitOptions } from '#git';
import { SquadError } from '#protocol';

/** What a tree or an index holds for a path: zeros for nothing. */
export interface IndexEntry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  /** Only announced, by `git add --intent-to-add`. */
  readonly isIntended?: true;
}

/** Entries by their paths. */
export type IndexEntries = ReadonlyMap<string, IndexEntry>;

const NO_MODE = '000000';
const LOCK_TRIES = 50;
const LOCK_PAUSE_MS = 100;

/** What a tree or, for `--cached`, the index holds otherwise than `base`. */
export async function entriesBeside(
  base: string,
  other: string,
  options: Pick<GitOptions, 'cwd' | 'env'>,
): Promise<IndexEntries> {
  const raw = ['--raw', '-z', '--no-abbrev', '--no-renames', '--ignore-submodules=none'];
  const command =
    other === '--cached' ? ['diff-index', other, ...raw, base] : ['diff-tree', '-r', ...raw, base, other];
  const fields = splitZ(await git([...command, '--'], options));
  const entries = new Map<string, IndexEntry>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode = NO_MODE, , oid = ''] = (fields[index] ?? '').split(' ');
    const path = fields[index + 1] ?? '';
    entries.set(path, { path, mode, oid });
  }
  return entries;
}

/** What the checkout's index holds for the paths of other entries. */
export async function indexEntries(root: string, others: IndexEntries): Promise<IndexEntries> {
  const intended = new Set(
    splitZ(await git(['diff-files', '--diff-filter=A', '--name-only', '-z'], { cwd: root })),
  );
  const held = new Map<string, IndexEntry>();
  for (const line of splitZ(await git(['ls-files', '--stage', '-z'], { cwd: root }))) {
    const [mode = NO_MODE, oid = ''] = line.split(' ');
    const path = line.slice(line.indexOf('\t') + 1);
    if (others.has(path))
      held.set(path, { path, mode, oid, ...(intended.has(path) ? { isIntended: true } : {}) });
  }
  return new Map([...others.values()].map(({ path, oid }) => [path, held.get(path) ?? nothingAt(path, oid)]));
}

// `like` is any object's name: how long they are depends on the repository.
function nothingAt(path: string, like: string): IndexEntry {
  return { path, mode: NO_MODE, oid: like.replaceAll(/./gu, '0') };
}

/**
 * Gives the checkout's index the entries `to`, leaving out every path that does not hold `from` any more: somebody has
 * staged it since. Waits for a git that has the index locked, for five seconds.
 */
export async function exchangeEntries(root: string, from: IndexEntries, to: IndexEntries): Promise<void> {
  const now = await indexEntries(root, to);
  const wanted = [...to.values()].filter(({ path }) => {
    const [held, expected] = [now.get(path), from.get(path)];
    return held?.oid === expected?.oid && held?.mode === expected?.mode;
  });
  await writeIndex(wanted, { cwd: root });
  const intended = wanted.filter(({ isIntended }) => isIntended === true).map(({ path }) => path);
  if (intended.length === 0) return;
  const add = ['--literal-pathspecs', 'add', '--intent-to-add', '--force', '--pathspec-from-file=-'];
  await runGit([...add, '--pathspec-file-nul'], { cwd: root, input: nulEnded(intended) });
}

/** Writes entries into an index; an intended one is taken out, for `git add` to announce again. */
export async function writeIndex(entries: readonly IndexEntry[], options: GitOptions): Promise<void> {
  if (entries.length === 0) return;
  const written = entries.map((entry) =>
    entry.isIntended === true ? nothingAt(entry.path, entry.oid) : entry,
  );
  const input = nulEnded(written.map(({ mode, oid, path }) => `${mode} ${oid}\t${path}`));
  for (let tries = 1; ; tries += 1) {
    const args = ['update-index', '--add', '-z', '--index-info'];
    const { code, stderr } = await runGit(args, { ...options, input });
    if (code === 0) return;
    if (tries === LOCK_TRIES || !stderr.includes('index.lock')) {
      throw new SquadError({
        code: 'GIT_FAILED',
        message: `the index could not be written: ${stderr.trim()}`,
      });
    }
    await delay(LOCK_PAUSE_MS);
  }
}

/** Texts as git reads them with `-z`. */
export function nulEnded(texts: readonly string[]): string {
  return texts.map((text) => `${text}\0`).join('');
}
