import { join } from 'node:path';
import { listWorktrees, runGit } from '#git';
import { resolveOwner } from '#ownership';
import { readWorktrees } from '#worktree';
import { workingChanges } from './change.ts';
import { commitsIn } from './commit-changes.ts';
import type { CheckReport, Finding } from './finding.ts';
import { judgeChange, type Bench } from './judge-change.ts';
import { createFinding, type Made } from './made-change.ts';
import { nextCommands } from './next-commands.ts';
import { requireGit, type OwnershipDesk } from './open-ownership.ts';

/**
 * Judges every worktree: what is not committed by its agent on record, what is committed beyond the main worktree by
 * each commit's author. A path that two worktrees change is a finding of its own.
 */
export async function checkWorktrees(desk: OwnershipDesk): Promise<CheckReport> {
  const root = requireGit(desk);
  const agents = new Map(
    readWorktrees(desk.call.io.store, desk.squad.squadDir).map(({ path, agent }) => [path, agent]),
  );
  const made: Made[] = [];
  const main = (await runGit(['rev-parse', 'HEAD'], { cwd: desk.squad.mainRoot })).stdout.trim();
  for (const { path, isBare, branch, prunable } of await listWorktrees(root)) {
    if (isBare || prunable !== undefined) continue;
    const isMain = path === desk.squad.mainRoot;
    const worktree = branch ?? path;
    const agent = agents.get(path) ?? (isMain ? desk.self : undefined);
    const actor = agent === undefined ? undefined : desk.actors.actor(agent);
    const pending = await workingChanges(path, (file) => desk.call.io.store.readText(join(path, file)));
    made.push(...pending.map((change) => ({ change, actor, worktree })));
    if (!isMain && main !== '') made.push(...(await committedIn(desk, path, { worktree, main, actor })));
  }
  const bench: Bench = { ...desk, root };
  const findings: Finding[] = [];
  for (const each of made) {
    findings.push(...(await judgeChange(each.commit === undefined ? bench : withoutLeases(bench), each)));
  }
  return { checked: made.length, findings: [...findings, ...sharedPaths(desk, made)] };
}

function withoutLeases({ matrix, matrixPath, root, typed }: Bench): Bench {
  return { matrix, matrixPath, root, typed };
}

async function committedIn(
  desk: OwnershipDesk,
  path: string,
  place: { worktree: string; main: string; actor: Made['actor'] },
): Promise<readonly Made[]> {
  const commits = await commitsIn(path, [`${place.main}..HEAD`]);
  return commits.flatMap((commit) => {
    const actor =
      commit.agents.length === 0 && place.actor !== undefined
        ? place.actor
        : desk.actors.authorsOf(commit)[0];
    return commit.changes.map((change) => ({
      change,
      actor,
      worktree: place.worktree,
      commit: commit.commit,
    }));
  });
}

function sharedPaths(desk: OwnershipDesk, made: readonly Made[]): readonly Finding[] {
  const byPath = new Map<string, Map<string, Made>>();
  for (const each of made) {
    const worktrees = byPath.get(each.change.path) ?? new Map<string, Made>();
    worktrees.set(each.worktree ?? '', each);
    byPath.set(each.change.path, worktrees);
  }
  return [...byPath].flatMap(([path, worktrees]) => {
    const [first, ...others] = worktrees.values();
    const resolution = resolveOwner(desk.matrix, path);
    const isProtocol = resolution.kind === 'default' && path.startsWith('.squad/');
    const isShared = resolution.kind === 'ruled' && resolution.rule.access === 'PARTITIONED';
    if (first === undefined || others.length === 0 || isProtocol || isShared) return [];
    const names = [...worktrees.keys()].join(' and ');
    return [
      createFinding(first, resolution, {
        reason: 'changed-in-two-worktrees',
        severity: 'warning',
        message: `changed in ${names}: one of them will have to merge`,
        next: nextCommands('changed-in-two-worktrees', desk.typed(path), desk),
      }),
    ];
  });
}
