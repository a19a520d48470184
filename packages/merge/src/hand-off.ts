import { join } from 'node:path';
import { changedPaths } from '#git';
import { appendBlock, foldLastStatus, readComms } from '#comms';
import { COORDINATOR_ID, printable, type PlanHeader } from '#protocol';
import { readOwnership, resolveOwner } from '#ownership';
import { addMergeTask } from './merge-task.ts';
import { describeChecks } from './checks.ts';
import { patternCovers } from './pattern-covers.ts';
import type { HandOff } from './queue.ts';
import type { MergeRun, RunEntry } from './run-record.ts';
import { runFolder } from './runs.ts';
import type { MergeWorld } from './world.ts';

/**
 * Hands a branch that could not go in to its agent: a record with the files, the output, and what both sides intend
 * by their plans and last words, a task in its plan if it has one, and a handoff request in the coordinator's comm file.
 */
export function createHandOff(world: MergeWorld, plans: readonly PlanHeader[]): HandOff {
  return async (run, entry) => {
    const path = join(runFolder(world.home.squadDir, run.id), `hand-off-${entry.name}.md`);
    world.store.writeAtomic(path, await describe(world, plans, { run, entry }));
    const relative = `merge/${run.id}/hand-off-${entry.name}.md`;
    const task = addMergeTask(world, { run, entry, record: relative });
    appendBlock(world.store, world.home.squadDir, {
      kind: 'handoff-request',
      author: COORDINATOR_ID,
      at: world.clock.wallMs(),
      extra: {},
      id: `H-${world.newId()}`,
      from: COORDINATOR_ID,
      to: entry.agent ?? entry.name,
      files: entry.files ?? [],
      state: `${entry.branch} could not be merged into ${run.target}`,
      notes: `${entry.reason ?? ''}. ${task === undefined ? '' : `It is task ${task} of your plan. `}Details and next commands: .squad/${relative}`,
    });
    return relative;
  };
}

interface Case {
  readonly run: MergeRun;
  readonly entry: RunEntry;
}

async function describe(
  world: MergeWorld,
  plans: readonly PlanHeader[],
  { run, entry }: Case,
): Promise<string> {
  const files = entry.files ?? [];
  const others = await othersAt(world, { run, entry });
  const owners = await ownersOf(world, files);
  const output =
    entry.log === undefined ? [] : ['## Output', '', '```', ...tail(world, entry.log), '```', ''];
  const lines = [
    `# ${entry.branch} could not be merged into ${run.target}`,
    '',
    `Why: ${entry.reason ?? 'unknown'}`,
    '',
    ...(owners.length > 0 ? ['## Files', '', ...owners, ''] : []),
    '## What the sides intend',
    '',
    ...[entry, ...others].flatMap((side) => intentOf(world, plans, { side, files })),
    ...output,
    '## Next',
    '',
    ...nextSteps(run, entry),
  ];
  return `${printable(lines.join('\n'))}\n`;
}

// Branches that are in already and changed one of the files.
async function othersAt({ home }: MergeWorld, { run, entry }: Case): Promise<readonly RunEntry[]> {
  const files = new Set(entry.files);
  const others: RunEntry[] = [];
  for (const other of run.entries) {
    if (other.name === entry.name || (other.state !== 'merged' && other.state !== 'integrated')) continue;
    const changed = await changedPaths(home.mainRoot, run.from, other.tip);
    if (changed.some(({ path }) => files.has(path))) others.push(other);
  }
  return others;
}

function intentOf(
  world: MergeWorld,
  plans: readonly PlanHeader[],
  { side, files }: { side: RunEntry; files: readonly string[] },
): readonly string[] {
  const agent = side.agent ?? side.name;
  const tasks = plans.find((plan) => plan.agent === agent)?.tasks ?? [];
  const isAbout = (patterns: readonly string[]): boolean =>
    files.length === 0 || patterns.some((pattern) => files.some((file) => patternCovers(pattern, file)));
  const about = tasks.filter((task) => isAbout([...task.files.create, ...task.files.modify]));
  const said = lastWord(world, agent);
  return [
    `### ${side.name}${side.agent === undefined || side.agent === side.name ? '' : ` (${side.agent})`}`,
    '',
    `- branch: ${side.branch}`,
    ...(side.purpose === undefined ? [] : [`- purpose: ${side.purpose}`]),
    ...about.map(({ id, title }) => `- task ${id}: ${title}`),
    ...(said === undefined ? [] : [`- last word: ${said}`]),
    '',
  ];
}

function lastWord({ store, home }: MergeWorld, agent: string): string | undefined {
  const block = foldLastStatus(readComms(store, home.squadDir).blocks).get(agent)?.block;
  if (block === undefined) return undefined;
  if (block.kind === 'completion') return block.summary ?? 'complete';
  const parts = [block.status, block.taskTitle, block.note, block.next];
  return parts.filter((part) => part !== undefined).join(' · ');
}

async function ownersOf({ store, home }: MergeWorld, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const matrix = await readOwnership(store, home.squadDir);
  return files.map((file) => {
    const found = resolveOwner(matrix, file);
    const owner = found.kind === 'ambiguous' ? 'owner unclear' : `${found.rule.owner}, ${found.rule.access}`;
    return `- ${file} (${owner})`;
  });
}

const TAIL_LINES = 60;

function tail({ store, home }: MergeWorld, log: string): readonly string[] {
  return (store.readText(join(home.squadDir, log)) ?? '').trimEnd().split('\n').slice(-TAIL_LINES);
}

function nextSteps(run: MergeRun, entry: RunEntry): readonly string[] {
  const settle =
    entry.state === 'conflict'
      ? [`git merge ${run.head}`, '# settle the conflict, then: git commit']
      : [`git merge ${run.head}`, `${describeChecks(run, ' && ')}   # make it green, then commit`];
  return [
    '```sh',
    `cd "$(squad-worktree path ${entry.name})"`,
    ...settle,
    `squad-merge run ${entry.name} --into ${run.target}`,
    '```',
  ];
}
