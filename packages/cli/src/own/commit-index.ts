import { join } from 'node:path';
import { git, runGit } from '#git';
import type { Store } from '#store';

/** One path of a commit: as it stands in the worktree, or this text. */
export interface Entry {
  readonly path: string;
  readonly text?: string;
}

/** What a commit is made of. */
export interface CommitOrder {
  readonly root: string;
  readonly entries: readonly Entry[];
  readonly message: string;
  readonly agent: string;
  /** Makes the name of the temporary index. */
  readonly newId: () => string;
}

/** How it went: the new commit, or what git and its hooks said. */
export type Committed =
  | { readonly kind: 'committed'; readonly commit: string }
  | { readonly kind: 'refused'; readonly exitCode: number; readonly output: string };

/**
 * Commits exactly the entries, through an index of its own: what others have staged stays staged and stays out. The
 * shared index gets the entries first, so that a crash after the commit leaves nothing that looks like a reversal.
 */
export async function commitEntries(store: Store, order: CommitOrder): Promise<Committed> {
  const { root, entries, message, agent } = order;
  const gitDir = (await git(['rev-parse', '--absolute-git-dir'], { cwd: root })).trim();
  const index = join(gitDir, `squad-index-${order.newId()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    const hasHead = (await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: root })).code === 0;
    await git(hasHead ? ['read-tree', 'HEAD'] : ['read-tree', '--empty'], { cwd: root, env });
    const lines = await indexLines(root, entries);
    await stage(root, { entries, lines, env });
    await stage(root, { entries, lines, env: {} });
    const trailer = ['--trailer', `Squad-Agent: ${agent}`];
    const result = await runGit(['commit', '--file=-', ...trailer], {
      cwd: root,
      env: { ...env, AGENT_ID: agent },
      input: message,
    });
    if (result.code !== 0) {
      await unstage(root, entries);
      return { kind: 'refused', exitCode: result.code, output: `${result.stderr}${result.stdout}`.trim() };
    }
    return { kind: 'committed', commit: (await git(['rev-parse', 'HEAD'], { cwd: root })).trim() };
  } finally {
    store.removeFile(index);
    store.removeFile(`${index}.lock`);
  }
}

async function stage(
  root: string,
  what: { entries: readonly Entry[]; lines: string; env: Readonly<Record<string, string>> },
): Promise<void> {
  const paths = what.entries.filter(({ text }) => text === undefined).map(({ path }) => path);
  const { env } = what;
  if (paths.length > 0) {
    const input = `${paths.join('\0')}\0`;
    await git(['update-index', '--add', '--remove', '-z', '--stdin'], { cwd: root, env, input });
  }
  if (what.lines !== '')
    await git(['update-index', '--add', '-z', '--index-info'], { cwd: root, env, input: what.lines });
}

// `MODE SP OID TAB PATH NUL`, as update-index reads them.
async function indexLines(root: string, entries: readonly Entry[]): Promise<string> {
  const lines: string[] = [];
  for (const { path, text } of entries) {
    if (text === undefined) continue;
    const known = await runGit(['ls-tree', '-z', 'HEAD', '--', path], { cwd: root });
    const mode = /^(\d{6}) /u.exec(known.stdout)?.[1] ?? '100644';
    const oid = await git(['hash-object', '-w', '--stdin', `--path=${path}`], { cwd: root, input: text });
    lines.push(`${mode} ${oid.trim()}\t${path}\0`);
  }
  return lines.join('');
}

async function unstage(root: string, entries: readonly Entry[]): Promise<void> {
  const input = `${entries.map(({ path }) => path).join('\0')}\0`;
  const args = ['--literal-pathspecs', 'reset', '--quiet', '--pathspec-from-file=-', '--pathspec-file-nul'];
  await runGit(args, { cwd: root, input });
}
