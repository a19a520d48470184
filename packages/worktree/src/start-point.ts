import { identityOr, mergedHow, mergeTree, conflictedPaths, resolveCommit, runGit, writeCommit } from '#git';
import { SquadError } from '#protocol';
import type { WorktreeRecord } from './record.ts';

/** Where a worktree is cut from. */
export interface StartPoint {
  readonly base: WorktreeRecord['base'];
  readonly start: string;
}

/** What decides the place: a base (the current branch unless named) and the work it must contain. */
export interface StartRequest {
  readonly base: string | undefined;
  readonly dependsOn: readonly WorktreeRecord[];
  /** Merge dependencies that are not in the base yet into the starting commit, instead of refusing. */
  readonly stack: boolean;
}

/** The base that a request names, resolved; `BASE_UNKNOWN` when it is no commit. */
export async function resolveBase(cwd: string, named: string | undefined): Promise<WorktreeRecord['base']> {
  const branch = named ?? (await currentBranch(cwd));
  const commit = await resolveCommit(cwd, branch ?? 'HEAD');
  if (commit === undefined) throw unknownBase(branch ?? 'HEAD', named !== undefined);
  const isBranch =
    branch !== undefined &&
    (await runGit(['show-ref', '--verify', '--quiet', `refs/heads/${branch}`], { cwd })).code === 0;
  return isBranch ? { ref: branch, commit } : { commit };
}

/** Whether the work of a worktree has arrived in a base; nothing done yet has not arrived. */
export async function isDelivered(cwd: string, record: WorktreeRecord, base: string): Promise<boolean> {
  const tip = await resolveCommit(cwd, `refs/heads/${record.branch}`);
  // The branch is gone: `remove` deletes it only when it is merged, or after a backup at the person's word.
  if (tip === undefined) return true;
  return tip !== record.start && (await mergedHow(cwd, tip, base)) !== undefined;
}

/**
 * The commit to cut from: the base when it holds every dependency's work, so that no dependent ever starts without
 * it. Otherwise refuses with `DEPENDENCY_UNMERGED`, or with `stack` merges what is missing in memory.
 */
export async function chooseStart(cwd: string, request: StartRequest): Promise<StartPoint> {
  const base = await resolveBase(cwd, request.base);
  const missing: WorktreeRecord[] = [];
  for (const record of request.dependsOn) {
    if (!(await isDelivered(cwd, record, base.commit))) missing.push(record);
  }
  if (missing.length === 0) return { base, start: base.commit };
  if (!request.stack) throw unmerged(missing, base.ref ?? base.commit.slice(0, 12));
  let start = base.commit;
  for (const record of missing) start = await stackOnto(cwd, record, start);
  return { base, start };
}

async function stackOnto(cwd: string, record: WorktreeRecord, onto: string): Promise<string> {
  const tip = await resolveCommit(cwd, `refs/heads/${record.branch}`);
  if (tip === undefined || (await mergedHow(cwd, tip, onto)) === 'ancestor') return onto;
  const merge = await mergeTree(cwd, [onto, tip]);
  if (merge.kind === 'clean') {
    const message = `Merge ${record.branch} as a dependency\n`;
    return writeCommit(cwd, { tree: merge.tree, parents: [onto, tip], message, env: await identityOr(cwd) });
  }
  throw new SquadError({
    code: 'DEPENDENCY_UNMERGED',
    message: `"${record.name}" cannot be stacked: ${merge.kind === 'refused' ? merge.reason : `conflicts in ${conflictedPaths(merge).join(', ')}`}`,
    hint: `merge it first: squad-merge run ${record.name}`,
  });
}

async function currentBranch(cwd: string): Promise<string | undefined> {
  const result = await runGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], { cwd });
  return result.code === 0 ? result.stdout.trim() : undefined;
}

function unmerged(missing: readonly WorktreeRecord[], base: string): SquadError {
  const names = missing.map(({ name }) => name);
  return new SquadError({
    code: 'DEPENDENCY_UNMERGED',
    message: `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not merged into ${base} yet`,
    hint: `run: squad-merge run ${names.join(' ')}   (or cut from the unmerged work: --stack)`,
    data: { missing: names, base },
  });
}

function unknownBase(base: string, named: boolean): SquadError {
  return new SquadError({
    code: 'BASE_UNKNOWN',
    message: named ? `there is no branch or commit "${base}"` : 'this repository has no commit yet',
    hint: named ? 'see: git branch --all' : 'run: git commit --allow-empty --message "Start"',
  });
}
