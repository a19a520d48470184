import { readComms } from '#comms';
import { addToPlan, findPlanned } from '#tasks';
import { describeChecks } from './checks.ts';
import type { MergeRun, RunEntry } from './run-record.ts';
import type { MergeWorld } from './world.ts';

// How long settling a conflict or a red test takes is not known; this only places the task in estimates.
const ESTIMATE_MINUTES = 30;

/**
 * Makes a branch that could not go in a task of its agent's plan and returns its id; the open one, when an earlier run made it
 * already, and `undefined` when the agent has no plan.
 */
export function addMergeTask(
  { store, home }: MergeWorld,
  { run, entry, record }: { readonly run: MergeRun; readonly entry: RunEntry; readonly record: string },
): string | undefined {
  const agent = entry.agent ?? entry.name;
  const complete = new Set(
    readComms(store, home.squadDir).blocks.flatMap((block) =>
      block.kind === 'completion' && block.taskId !== undefined ? [block.taskId] : [],
    ),
  );
  let id = `MERGE-${entry.name}`;
  for (let again = 2; complete.has(id); again += 1) id = `MERGE-${entry.name}-${again}`;
  if (findPlanned(store, home.squadDir, id) !== undefined) return id;
  const title = `Make ${entry.branch} fit into ${run.target}`;
  const isAdded = addToPlan(store, home.squadDir, {
    agent,
    task: {
      id,
      title,
      files: { create: [], modify: entry.files ?? [], read: [] },
      depends_on: [],
      estimate_minutes: ESTIMATE_MINUTES,
      start_minute: 0,
      acceptance: acceptanceOf(run, entry),
    },
    section: `## ${id} ${title}\n\n${entry.reason ?? 'It could not be merged'}. Details and next commands: .squad/${record}`,
  });
  return isAdded ? id : undefined;
}

// Only git and the run's own commands: the shell that runs it may not find ours.
function acceptanceOf(run: MergeRun, { state }: RunEntry): string {
  return state === 'conflict'
    ? `git merge-tree --write-tree ${run.head} HEAD`
    : `git merge-base --is-ancestor ${run.head} HEAD && ${describeChecks(run, ' && ')}`;
}
