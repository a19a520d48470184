import { git, resolveCommit, runGit, withTemporaryIndex } from '#git';
import { SquadError } from '#protocol';
import type { Store } from '#store';
import { baseOf, emptyTree } from './base-commit.ts';
import {
  entriesBeside,
  exchangeEntries,
  nulEnded,
  writeIndex,
  type IndexEntries,
  type IndexEntry,
} from './index-entry.ts';
import { shareIndex } from './share-index.ts';

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
}

/** How it went. */
export type Committed =
  | { readonly kind: 'committed'; readonly commit: string; readonly paths: ReadonlySet<string> }
  /** To git none of the entries differs from the last commit. */
  | { readonly kind: 'nothing' }
  /** What git and its hooks said. */
  | { readonly kind: 'refused'; readonly output: string }
  /** A hook put more into the commit than was ordered, and the commit was taken back. */
  | { readonly kind: 'widened'; readonly paths: readonly string[] };

const MAX_TRIES = 10;

/**
 * Commits exactly the entries, through an index of its own: what others have staged stays staged and stays out. The
 * shared index gets the entries first, so that a crash after the commit leaves nothing that looks like a reversal; unless
 * they are committed it gets back what it held. Somebody else's commit in between is kept: the work is done again on top.
 */
export async function commitEntries(store: Store, order: CommitOrder): Promise<Committed> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const made = await withTemporaryIndex(order.root, (env) => tryToCommit(store, order, env));
    if (made.kind !== 'overtaken') return made;
  }
  throw new SquadError({
    code: 'GIT_FAILED',
    message: `${MAX_TRIES} times somebody else committed to the branch first`,
    hint: 'squad-own commit, once nobody else commits here without it',
  });
}

async function tryToCommit(
  store: Store,
  order: CommitOrder,
  env: Readonly<Record<string, string>>,
): Promise<Committed | { readonly kind: 'overtaken' }> {
  const { root } = order;
  const base = await baseOf(root);
  const ordered = await stageAlone(order, base, env);
  if (ordered.size === 0) return { kind: 'nothing' };
  const shared = await shareIndex(store, { root, base, ordered, parts: partsOf(order) });
  const result = await runCommit(order, env);
  if (result.code !== 0) {
    await exchangeEntries(root, shared.after, shared.before);
    return { kind: 'refused', output: `${result.stderr}${result.stdout}`.trim() };
  }
  const commit = await commitOf(root, result.stdout);
  const parent = (await parentOf(root, commit)) ?? (await emptyTree(root));
  const made = await entriesBeside(base, commit, { cwd: root });
  const foreign = beyond(ordered, made, partsOf(order));
  if (parent === base && foreign.length === 0) {
    await exchangeEntries(root, shared.after, changedByHooks(ordered, made));
    return { kind: 'committed', commit, paths: new Set(made.keys()) };
  }
  await takeBack(root, commit);
  await exchangeEntries(root, shared.after, shared.before);
  return parent === base ? { kind: 'widened', paths: foreign } : { kind: 'overtaken' };
}

function partsOf({ entries }: CommitOrder): ReadonlySet<string> {
  return new Set(entries.filter(({ text }) => text !== undefined).map(({ path }) => path));
}

/** Puts the entries on top of `base` in an index of their own, and returns what differs from `base` by that. */
async function stageAlone(
  { root, entries }: CommitOrder,
  base: string,
  env: Readonly<Record<string, string>>,
): Promise<IndexEntries> {
  const options = { cwd: root, env };
  await git(['read-tree', '--reset', base], options);
  const whole = entries.filter(({ text }) => text === undefined).map(({ path }) => path);
  const update = ['update-index', '--add', '--remove', '-z', '--stdin'];
  if (whole.length > 0) await git(update, { ...options, input: nulEnded(whole) });
  const parts: IndexEntry[] = [];
  for (const { path, text } of entries) {
    if (text === undefined) continue;
    const known = await runGit(['ls-tree', '-z', base, '--', path], { cwd: root });
    const mode = /^(\d{6}) /u.exec(known.stdout)?.[1] ?? '100644';
    const oid = await git(['hash-object', '-w', '--stdin', `--path=${path}`], { cwd: root, input: text });
    parts.push({ path, mode, oid: oid.trim() });
  }
  await writeIndex(parts, options);
  return entriesBeside(base, '--cached', options);
}

function runCommit(
  { root, message, agent }: CommitOrder,
  env: Readonly<Record<string, string>>,
): ReturnType<typeof runGit> {
  const args = ['-c', 'core.abbrev=no', 'commit', '--file=-', '--trailer', `Squad-Agent: ${agent}`];
  return runGit(args, { cwd: root, env: { ...env, AGENT_ID: agent }, input: message });
}

// HEAD may be somebody else's by now; git says which one it made.
async function commitOf(root: string, said: string): Promise<string> {
  const named = /^\[.* ([0-9a-f]{40,64})\] /mu.exec(said)?.[1];
  return named ?? (await git(['rev-parse', 'HEAD'], { cwd: root })).trim();
}

function parentOf(root: string, commit: string): Promise<string | undefined> {
  return resolveCommit(root, `${commit}^`);
}

// A formatter may change what was ordered, but not bring in other files, nor the rest of a shared one.
function beyond(ordered: IndexEntries, made: IndexEntries, parts: ReadonlySet<string>): readonly string[] {
  return [...made.values()]
    .filter(({ path, oid }) => !ordered.has(path) || (parts.has(path) && ordered.get(path)?.oid !== oid))
    .map(({ path }) => path);
}

function changedByHooks(ordered: IndexEntries, made: IndexEntries): IndexEntries {
  return new Map(
    [...made].filter(([path, { oid, mode }]) => {
      const before = ordered.get(path);
      return before?.oid !== oid || before.mode !== mode;
    }),
  );
}

async function takeBack(root: string, commit: string): Promise<void> {
  const parent = await parentOf(root, commit);
  const change = parent === undefined ? ['-d', 'HEAD', commit] : ['HEAD', parent, commit];
  await git(['update-ref', '-m', 'squad-own commit: taken back', ...change], { cwd: root });
}
