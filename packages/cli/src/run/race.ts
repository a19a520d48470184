import { EXIT, printableLine, renderDuration, SquadError } from '#protocol';
import {
  chooseContender,
  compareRace,
  findClient,
  raceGraph,
  renderUsd,
  runPlans,
  type Client,
  type Contender,
} from '#runner';
import type { Task } from '#tasks';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { table } from '../shell/table.ts';
import { readGraph } from '../task/task-graph.ts';
import { openWorktrees } from '../worktree/open.ts';
import { watchInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';
import { readRunOptions, requireTask, ONE_TASK_OPTIONS } from './run-options.ts';
import { readCount } from './settings.ts';
import { requireBook } from './status.ts';
import { busyOutcome } from './tasks.ts';

/** `squad-run race`. */
export const raceCommand: Command = {
  name: 'race',
  summary:
    'Several agents try the same task, each on its own branch; the same acceptance command judges; choose one',
  positionals: '<task>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...ONE_TASK_OPTIONS,
    tries: { kind: 'value', short: 'n', value: 'N', summary: 'how many (default 3)' },
    rival: {
      kind: 'list',
      value: 'CLIENT',
      summary: 'further clients; tries take turns with --with and these',
    },
    accept: {
      kind: 'value',
      value: 'COMMAND',
      summary: "judges each try (default: the task's own acceptance command)",
    },
  },
  examples: [
    "squad-run race T-03 -n 3 --with claude --accept 'npm test'",
    'squad-run race T-03 --with claude --rival codex -n 2',
  ],
  action: raceAction,
};

async function raceAction(call: Call): Promise<Outcome> {
  const squad = openSquad(call.io);
  const { graph } = await readGraph(call, squad);
  const task = requireTask(graph, call.positionals[0] ?? '');
  const acceptance = call.value('accept') ?? task.acceptance;
  if (acceptance === undefined) {
    throw new SquadError({
      code: 'USAGE',
      message: `${task.id} has no acceptance command, so nothing could judge the tries`,
      hint: "as in --accept 'npm test'",
    });
  }
  const tries = raceGraph(
    { ...task, acceptance },
    readCount(call, 'tries', { fallback: 3, min: 2, max: 20 }),
  );
  const options = await readRunOptions(call, tries);
  const interrupts = watchInterrupts(call.io);
  const progress = createProgress(call, tries.tasks.length);
  try {
    const clients = [options.with, ...call.list('rival')].map((name) =>
      typeof name === 'string' ? findClient(name) : undefined,
    );
    const known = clients.filter((client): client is Client => client !== undefined);
    const report = await runPlans({
      ...options,
      ...interrupts,
      with: (each: Task) =>
        known[tries.tasks.findIndex(({ id }) => id === each.id) % known.length] ?? findClient('claude'),
      isolated: true,
      silent: true,
      onChange: progress.note,
      onEvent: progress.event,
    });
    return outcomeOf(
      await compareRace(squad.worktreeRoot, requireBook(call, squad.squadDir, report.id)),
      report.id,
    );
  } catch (error) {
    return busyOutcome(error);
  } finally {
    interrupts.dismiss();
    progress.end();
  }
}

function outcomeOf(contenders: readonly Contender[], run: string): Outcome {
  const [best] = contenders;
  const isWon = best?.isAccepted === true;
  return {
    exitCode: isWon ? EXIT.done : EXIT.failed,
    json: { run, best: isWon ? best.key : null, contenders },
    text: `${renderContenders(contenders)}\n\n${isWon ? `take the best: squad-run choose ${run} ${best.key}` : 'no try was accepted; the branches stay'}`,
  };
}

function renderContenders(contenders: readonly Contender[]): string {
  const rows = contenders.map((each) => [
    each.key,
    each.isAccepted ? 'yes' : 'no',
    String(each.files),
    String(each.added),
    String(each.removed),
    String(each.commits),
    renderDuration(each.durationMs),
    each.costUsd === 0 ? '-' : renderUsd(each.costUsd),
    printableLine(each.isAccepted ? '' : (each.reason ?? ''), 80),
  ]);
  return table(['try', 'accepted', 'files', '+', '-', 'commits', 'time', 'cost', 'why not'], rows);
}

/** `squad-run choose`. */
export const chooseCommand: Command = {
  name: 'choose',
  summary:
    "Merge one try of a race into the run's branch; the others are kept as refs, their worktrees removed after a backup.",
  positionals: '<run> <try>',
  minPositionals: 2,
  maxPositionals: 2,
  options: { unaccepted: { kind: 'flag', summary: 'also a try that was not accepted' } },
  examples: ['squad-run choose 01KABC… T-03.try-2'],
  async action(call) {
    const { world, squad } = await openWorktrees(call);
    const [id = '', key = ''] = call.positionals;
    const book = requireBook(call, squad.squadDir, id);
    const all = await compareRace(squad.worktreeRoot, book);
    const chosen = all.find((each) => each.key === key);
    if (book.run.kind !== 'race' || chosen?.branch === undefined)
      throw new SquadError({
        code: 'TASK_UNKNOWN',
        message: `run ${id} has no try "${key}"`,
        hint: `there are: ${book.run.items.join(', ')}`,
      });
    if (!chosen.isAccepted && !call.flag('unaccepted'))
      throw new SquadError({
        code: 'TASK_TRANSITION_REFUSED',
        message: `${key} was not accepted: ${chosen.reason ?? ''}`,
        hint: 'to take it all the same: --unaccepted',
      });
    const choice = await chooseContender(world, book, { chosen, all });
    const { integration } = choice;
    if (integration.kind === 'conflict')
      return {
        exitCode: EXIT.failed,
        json: choice,
        text: `${key} conflicts in ${integration.paths.join(', ')}; nothing was merged`,
      };
    const kept = choice.kept.map(({ key: other, ref }) => `  ${other}: ${ref}`);
    return {
      exitCode: EXIT.done,
      json: choice,
      text: [
        `${key} is on branch ${book.run.integration ?? ''}`,
        ...(kept.length > 0 ? ['kept:', ...kept] : []),
      ].join('\n'),
    };
  },
};
