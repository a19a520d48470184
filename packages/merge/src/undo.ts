import { git, INERT, listChanges, listWorktrees, resolveCommit, runGit } from '#git';
import { SquadError } from '#protocol';
import type { MergeRun } from './run-record.ts';
import { writeRun } from './runs.ts';
import type { MergeWorld } from './world.ts';

/**
 * Puts the target back to exactly where it stood before a run, files of its checkout included, or gives up a run that
 * has not landed. The merged line stays under `refs/squad/backup/merge/<id>/landed`. Refuses when anything was added
 * on top since, or the checkout has uncommitted changes.
 */
export async function undoRun(world: MergeWorld, run: MergeRun): Promise<MergeRun> {
  const { store, home } = world;
  const cwd = home.mainRoot;
  await git([...INERT, 'update-ref', `refs/squad/backup/merge/${run.id}/landed`, run.head], { cwd });
  const tip = await resolveCommit(cwd, `refs/heads/${run.target}`);
  const isOut = tip === run.head && tip !== run.from;
  if (run.state === 'landed' && tip !== run.from && !isOut) throw addedSince(run);
  if (isOut) await moveBack(world, run);
  return writeRun(store, home.squadDir, { ...run, state: 'undone' });
}

async function moveBack({ home }: MergeWorld, run: MergeRun): Promise<void> {
  const cwd = home.mainRoot;
  const checkout = (await listWorktrees(cwd)).find(({ branch }) => branch === run.target);
  if (checkout === undefined) {
    const args = ['update-ref', '-m', 'squad-merge undo', `refs/heads/${run.target}`, run.from, run.head];
    await git([...INERT, ...args], { cwd });
    return;
  }
  const changed = (await listChanges(checkout.path)).filter(({ state }) => state !== '??');
  const reset =
    changed.length > 0
      ? { code: 1, stderr: `${changed.length} uncommitted changes` }
      : await runGit([...INERT, 'reset', '--quiet', '--keep', run.from], { cwd: checkout.path });
  if (reset.code === 0) return;
  throw new SquadError({
    code: 'MERGE_HELD',
    message: `${run.target} was not moved back: ${checkout.path} holds ${reset.stderr.trim()}`,
    hint: `commit or stash there, then run: squad-merge undo ${run.id}`,
  });
}

function addedSince(run: MergeRun): SquadError {
  return new SquadError({
    code: 'MERGE_HELD',
    message: `${run.target} has commits on top of run ${run.id}, which an undo would take with it`,
    hint: `to take out only this run: git revert --no-edit ${run.from.slice(0, 12)}..${run.head.slice(0, 12)}   (merge commits need -m 1)`,
  });
}
