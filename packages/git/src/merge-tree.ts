import { runGit } from './run-git.ts';
import { INERT } from './plumbing.ts';

/** One side of a conflicted path: stage 1 is the base, 2 ours, 3 theirs. */
export interface ConflictStage {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  readonly stage: 1 | 2 | 3;
}

/** One message of git about a conflict: its kind as `CONFLICT (contents)`, and the paths it is about. */
export interface ConflictNote {
  readonly kind: string;
  readonly paths: readonly string[];
  readonly message: string;
}

/** What merging two commits would give, tried without any working tree. */
export type TreeMerge =
  | { readonly kind: 'clean'; readonly tree: string }
  | {
      readonly kind: 'conflict';
      /** The merged tree with conflict markers in its conflicted files. */
      readonly tree: string;
      readonly stages: readonly ConflictStage[];
      readonly notes: readonly ConflictNote[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Two commits to merge, ours first. */
export type MergePair = readonly [ours: string, theirs: string];

/** {@link mergeTrees} of one pair. */
export async function mergeTree(
  cwd: string,
  pair: MergePair,
  env?: Readonly<Record<string, string>>,
): Promise<TreeMerge> {
  const [result] = await mergeTrees(cwd, [pair], env);
  return result ?? { kind: 'refused', reason: 'git merge-tree gave no answer' };
}

/**
 * Merges each pair in memory (`git merge-tree --write-tree`, git 2.38 or newer): one process for all, answers in the
 * order of the pairs. No checkout, index or ref is touched; the resulting objects are written to the object store,
 * or to another one through `env`.
 */
export async function mergeTrees(
  cwd: string,
  pairs: readonly MergePair[],
  env?: Readonly<Record<string, string>>,
): Promise<readonly TreeMerge[]> {
  if (pairs.length === 0) return [];
  const input = pairs.map(([ours, theirs]) => `${ours} ${theirs}\n`).join('');
  const options = { cwd, input, ...(env ? { env } : {}) };
  const result = await runGit(
    [...INERT, '-c', 'merge.conflictStyle=merge', 'merge-tree', '--write-tree', '--stdin', '-z'],
    options,
  );
  if (result.code <= 1) return parseMergeTree(result.stdout);
  const [only] = pairs;
  if (pairs.length === 1 && only !== undefined) return [{ kind: 'refused', reason: reasonOf(result.stderr) }];
  // One pair that cannot be merged at all (unrelated histories) ends git; the others deserve their answer.
  const middle = Math.ceil(pairs.length / 2);
  return [
    ...(await mergeTrees(cwd, pairs.slice(0, middle), env)),
    ...(await mergeTrees(cwd, pairs.slice(middle), env)),
  ];
}

function reasonOf(stderr: string): string {
  return stderr.trim().replace(/^fatal: /u, '') || 'git merge-tree failed';
}

/** Reads the answers of `git merge-tree --write-tree --stdin -z`. */
export function parseMergeTree(text: string): readonly TreeMerge[] {
  const fields = text.split('\0');
  const merges: TreeMerge[] = [];
  let at = 0;
  const next = (): string => fields[at++] ?? '';
  while (at < fields.length - 1) {
    const isClean = next() === '1';
    const tree = next();
    if (isClean) {
      next();
      merges.push({ kind: 'clean', tree });
      continue;
    }
    const stages: ConflictStage[] = [];
    for (let line = next(); line !== ''; line = next()) stages.push(...parseStage(line));
    const notes: ConflictNote[] = [];
    for (let count = next(); count !== ''; count = next()) {
      const paths = Array.from({ length: Number(count) }, next);
      const kind = next();
      notes.push({ kind, paths, message: next().trim() });
    }
    merges.push({
      kind: 'conflict',
      tree,
      stages,
      notes: notes.filter(({ kind }) => kind.startsWith('CONFLICT')),
    });
  }
  return merges;
}

function parseStage(line: string): ConflictStage[] {
  const found = /^(\d+) ([0-9a-f]+) ([123])\t([\s\S]*)$/u.exec(line);
  if (found === null) return [];
  const [, mode = '', oid = '', digit, path = ''] = found;
  const stage = digit === '1' ? 1 : digit === '2' ? 2 : 3;
  return [{ mode, oid, stage, path }];
}

/** Paths, each once, that a merge left in conflict. */
export function conflictedPaths(merge: TreeMerge): readonly string[] {
  if (merge.kind !== 'conflict') return [];
  const paths = [...merge.stages.map(({ path }) => path), ...merge.notes.flatMap(({ paths }) => paths)];
  return [...new Set(paths)].toSorted();
}
