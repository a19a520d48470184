import { mergingAlone, readRuns, undoRun, type MergeRun } from '#merge';
import { EXIT, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openMerging, type Merging } from './open.ts';

/** `squad-merge undo`. */
export const undoCommand: Command = {
  name: 'undo',
  summary: 'Put the target back to exactly where it stood before a run (default: the last one)',
  positionals: '[run]',
  maxPositionals: 1,
  options: {},
  examples: ['squad-merge undo'],
  action: undo,
};

async function undo(call: Call): Promise<Outcome> {
  const merging = await openMerging(call);
  const found = findRun(merging, call.positionals[0]);
  const hadLanded = found.state === 'landed';
  const run = await mergingAlone(merging.world, () => undoRun(merging.world, found));
  merging.squad.journal.record({
    kind: 'merge.undone',
    agent: 'human',
    data: { id: run.id, target: run.target },
  });
  const kept = `refs/squad/backup/merge/${run.id}/landed`;
  const text = hadLanded
    ? `${run.target} is back at ${run.from.slice(0, 12)}; what was merged is kept: git merge --ff-only ${kept}`
    : `gave up run ${run.id}; ${run.target} had not been moved`;
  return { exitCode: EXIT.done, json: { ...run, kept }, text };
}

function findRun({ world }: Merging, id: string | undefined): MergeRun {
  const runs = readRuns(world.store, world.home.squadDir).filter(({ state }) => state !== 'undone');
  const found =
    id === undefined ? runs.findLast(({ state }) => state !== 'stopped') : runs.find((run) => run.id === id);
  if (found !== undefined) return found;
  throw new SquadError({
    code: 'MERGE_UNKNOWN',
    message: id === undefined ? 'there is no run to undo' : `there is no run "${id}" that could be undone`,
    hint:
      runs.length === 0
        ? 'nothing was merged by squad-merge here'
        : `there are: ${runs.map((run) => run.id).join(', ')}`,
  });
}
