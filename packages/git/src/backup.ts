import { SquadError } from '#protocol';
import { git, runGit } from './run-git.ts';
import { INERT, resolveCommit, TOOL_IDENTITY, treeOf, writeCommit } from './plumbing.ts';
import { lostTips } from './lost-tips.ts';
import { withTemporaryIndex } from './temporary-index.ts';
import { listChanges, splitZ } from './tree.ts';

/** Where backups live; never pushed by an ordinary push, never collected by git. */
export const BACKUP_PREFIX = 'refs/squad/backup/';

/** A saved state of a worktree. */
export interface Backup {
  readonly ref: string;
  readonly commit: string;
  /** False when the tree held nothing beyond its last commit. */
  readonly hasChanges: boolean;
  /** The command that puts every file back as it was, run in a worktree. */
  readonly undo: string;
}

/** What a backup is to hold beside everything that is tracked or untracked. */
export interface BackupOptions {
  /** Why it was made; the first line of its message. */
  readonly reason?: string;
  /** Ignored files to keep as well, relative to the worktree's root. */
  readonly ignored?: readonly string[];
  /** Also keep commits that only the reflogs of the worktree and these refs still know. */
  readonly reflogsOf?: readonly string[];
  /** Commits to keep reachable whether or not a reflog knows them. */
  readonly commits?: readonly string[];
  /** Take the files as they are staged: for a worktree whose folder is gone. */
  readonly stagedOnly?: boolean;
  /** Only these changed files, for a worktree that several share; everything else is as in HEAD. */
  readonly only?: readonly string[];
  /** Lines `Key: value` at the end of its message, for programs. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/**
 * Commits everything in a worktree, untracked files too, under `refs/squad/backup/<name>/<commit>`. The tree, the
 * index, the branch and HEAD stay as they are; no hook runs. The first parent is HEAD; what was staged but differs
 * from the files is a further parent, as is the autostash of a rebase or merge under way.
 * Text is stored as git would commit it (line ends by `.gitattributes`, filters applied).
 */
export async function saveBackup(
  worktreeRoot: string,
  name: string,
  options: BackupOptions = {},
): Promise<Backup> {
  const head = await resolveCommit(worktreeRoot, 'HEAD');
  if (options.only !== undefined)
    return savePart(worktreeRoot, name, { ...options, only: options.only, head });
  const headTree = head === undefined ? undefined : await treeOf(worktreeRoot, head);
  const staged = await stagedTree(worktreeRoot);
  const tree = options.stagedOnly === true ? staged : await filesTree(worktreeRoot, options.ignored ?? []);
  const message = messageOf(name, options);
  const parents = head === undefined ? [] : [head];
  if (staged !== tree && staged !== headTree) {
    const draft = { tree: staged, parents: [...parents], message: `Staged in ${name}\n`, env: TOOL_IDENTITY };
    parents.push(await writeCommit(worktreeRoot, draft));
  }
  parents.push(...(await lostTips(worktreeRoot, parents, options)));
  const { ref, commit } = await keepCommit(worktreeRoot, name, { tree, parents, message });
  const undo = `git restore --source=${ref} --worktree -- :/`;
  return { ref, commit, hasChanges: tree !== headTree || parents.length > 1, undo };
}

// Of a tree that several share, what belongs to one of them: HEAD with these files as they are now.
async function savePart(
  worktreeRoot: string,
  name: string,
  options: BackupOptions & { readonly only: readonly string[]; readonly head: string | undefined },
): Promise<Backup> {
  const { only, head } = options;
  const isWanted = new Set(only);
  const tree = await withTemporaryIndex(worktreeRoot, async (env) => {
    const from = head === undefined ? ['--empty'] : [head];
    await git([...INERT, 'read-tree', ...from], { cwd: worktreeRoot, env });
    const changed = (await listChanges(worktreeRoot)).filter(({ path }) => isWanted.has(path));
    const input = changed.map(({ path }) => `:(literal,top)${path}`).join('\0');
    const args = ['add', '--all', '--sparse', '--pathspec-from-file=-', '--pathspec-file-nul'];
    if (changed.length > 0) await addAll(worktreeRoot, args, { env, input });
    return (await git([...INERT, 'write-tree'], { cwd: worktreeRoot, env })).trim();
  });
  const parents = head === undefined ? [] : [head];
  const kept = await keepCommit(worktreeRoot, name, { tree, parents, message: messageOf(name, options) });
  const paths = only.map((path) => `':(top,literal)${path.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const undo = `git restore --source=${kept.ref} --worktree -- ${paths}`;
  const headTree = head === undefined ? undefined : await treeOf(worktreeRoot, head);
  return { ...kept, hasChanges: tree !== headTree, undo };
}

async function keepCommit(
  worktreeRoot: string,
  name: string,
  draft: { readonly tree: string; readonly parents: readonly string[]; readonly message: string },
): Promise<{ readonly ref: string; readonly commit: string }> {
  const commit = await writeCommit(worktreeRoot, { ...draft, env: TOOL_IDENTITY });
  const ref = `${BACKUP_PREFIX}${await refNameOf(worktreeRoot, name)}/${commit.slice(0, 16)}`;
  await git([...INERT, 'update-ref', ref, commit], { cwd: worktreeRoot });
  return { ref, commit };
}

function messageOf(name: string, { reason, trailers = {} }: BackupOptions): string {
  const lines = Object.entries(trailers).map(([key, value]) => `${key}: ${value}`);
  const subject = `Backup of ${name}${reason === undefined ? '' : `: ${reason}`}\n`;
  return lines.length === 0 ? subject : `${subject}\n${lines.join('\n')}\n`;
}

// `git add` meets files that vanish between its listing and its reading when an agent is at work.
const ATTEMPTS = 3;

/** Git's id of everything in a worktree as it is now, untracked files too; its index stays as it is. */
export function workingTree(worktreeRoot: string): Promise<string> {
  return filesTree(worktreeRoot, []);
}

async function filesTree(worktreeRoot: string, ignored: readonly string[]): Promise<string> {
  const nested = (await listChanges(worktreeRoot))
    .map(({ path }) => path)
    .filter((path) => path.endsWith('/'));
  const exclude = nested.map((path) => `:(exclude,literal,top)${path.slice(0, -1)}`);
  return withTemporaryIndex(worktreeRoot, async (env) => {
    const all = ['add', '--all', '--sparse', '--', ':/', ...exclude];
    await addAll(worktreeRoot, all, { env });
    const extra = ignored.filter((path) => !path.endsWith('/'));
    if (extra.length > 0) {
      const args = ['add', '--force', '--sparse', '--pathspec-from-file=-', '--pathspec-file-nul'];
      const input = extra.map((path) => `:(literal,top)${path}`).join('\0');
      await addAll(worktreeRoot, args, { env, input });
    }
    return (await git([...INERT, 'write-tree'], { cwd: worktreeRoot, env })).trim();
  });
}

async function addAll(
  cwd: string,
  args: readonly string[],
  options: { env: Readonly<Record<string, string>>; input?: string },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await runGit([...INERT, '-c', 'advice.addEmbeddedRepo=false', ...args], {
      cwd,
      ...options,
    });
    if (result.code === 0) return;
    if (attempt < ATTEMPTS) continue;
    throw new SquadError({
      code: 'BACKUP_FAILED',
      message: `not everything in ${cwd} could be saved, so nothing was changed: ${result.stderr.trim()}`,
      hint: 'make the named file readable or move it out of the worktree, then try again',
    });
  }
}

// Unmerged entries cannot become a tree; their sides are commits that are kept anyway.
async function stagedTree(worktreeRoot: string): Promise<string> {
  return withTemporaryIndex(worktreeRoot, async (env) => {
    const options = { cwd: worktreeRoot, env };
    const unmerged = await git(['ls-files', '--unmerged', '--full-name', '-z', ':/'], options);
    const paths = [...new Set(splitZ(unmerged).map((line) => line.slice(line.indexOf('\t') + 1)))];
    if (paths.length > 0) {
      const input = paths.map((path) => `0 ${'0'.repeat(40)}\t${path}\0`).join('');
      await git([...INERT, 'update-index', '-z', '--index-info'], { ...options, input });
    }
    return (await git([...INERT, 'write-tree'], options)).trim();
  });
}

async function refNameOf(cwd: string, name: string): Promise<string> {
  const plain = name.replace(/[^\p{L}\p{N}._/-]+/gu, '-').replace(/^[-/.]+|[-/.]+$/gu, '');
  const checked = await runGit(['check-ref-format', `${BACKUP_PREFIX}${plain}/x`], { cwd });
  return checked.code === 0 ? plain : 'worktree';
}
