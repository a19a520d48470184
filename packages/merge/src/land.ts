import { git, INERT, listChanges, listWorktrees, resolveCommit, runGit } from '#git';
import type { MergeRun } from './run-record.ts';
import { writeRun } from './runs.ts';
import type { MergeWorld } from './world.ts';

/** What became of moving the target. */
export type Landing =
  | { readonly kind: 'landed'; readonly run: MergeRun }
  /** The target moved on since the run began: the queue must be merged onto it anew. */
  | { readonly kind: 'moved'; readonly tip: string }
  /** The target is checked out with uncommitted changes; it was not touched. */
  | { readonly kind: 'held'; readonly why: string; readonly next: string };

/**
 * Fast-forwards the target to a run that is ready, and nothing else. Where the target is checked out, its files move
 * with it by `git merge --ff-only`, and only if nothing there is uncommitted.
 */
export async function land(world: MergeWorld, run: MergeRun): Promise<Landing> {
  const { store, home } = world;
  const cwd = home.mainRoot;
  const tip = await resolveCommit(cwd, `refs/heads/${run.target}`);
  const done: MergeRun = { ...run, state: 'landed' };
  if (tip !== run.head) {
    if (tip !== run.from) return { kind: 'moved', tip: tip ?? run.from };
    const held = await moveTarget(world, run.target, { from: run.from, to: run.head });
    if (held !== undefined) return held;
  }
  return { kind: 'landed', run: writeRun(store, home.squadDir, done) };
}

async function moveTarget(
  { home }: MergeWorld,
  target: string,
  { from, to }: { from: string; to: string },
): Promise<Landing | undefined> {
  const cwd = home.mainRoot;
  const checkout = (await listWorktrees(cwd)).find(({ branch }) => branch === target);
  if (checkout === undefined) {
    const args = ['update-ref', '-m', 'squad-merge', `refs/heads/${target}`, to, from];
    await git([...INERT, ...args], { cwd });
    return undefined;
  }
  const changed = (await listChanges(checkout.path)).filter(({ state }) => state !== '??');
  const next = `git -C "${checkout.path}" merge --ff-only ${to.slice(0, 12)}`;
  if (changed.length > 0) {
    const why = `${checkout.path} has ${target} checked out with ${changed.length} uncommitted change${changed.length === 1 ? '' : 's'}`;
    return { kind: 'held', why, next };
  }
  const moved = await runGit([...INERT, 'merge', '--ff-only', '--quiet', to], { cwd: checkout.path });
  return moved.code === 0 ? undefined : { kind: 'held', why: moved.stderr.trim(), next };
}
