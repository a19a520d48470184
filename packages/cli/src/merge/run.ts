import { EXIT, isSquadError, SquadError } from '#protocol';
import {
  createHandOff,
  draftPullRequests,
  finishRun,
  forecastMerges,
  mergingAlone,
  reportRun,
  startRun,
  STRATEGIES,
  unfinishedRun,
  writeReport,
  type MergeRun,
  type RunEntry,
  type RunResult,
  type Strategy,
} from '#merge';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { INTO_OPTION, openMerging, selectFor, type Merging } from './open.ts';

/** `squad-merge run`. */
export const runCommand: Command = {
  name: 'run',
  summary: 'Merge in an integration worktree, test after each, and fast-forward the target when green',
  positionals: '[name…]',
  options: {
    ...INTO_OPTION,
    strategy: {
      kind: 'value',
      value: 'HOW',
      summary: 'sequential (default), rebase, cherry-pick, squash or pr',
    },
    test: {
      kind: 'value',
      value: 'COMMAND',
      summary: 'run after each merge (default: merge.test of the settings)',
    },
    types: {
      kind: 'value',
      value: 'COMMAND',
      summary: 'checks types before each test (default: merge.types of the settings)',
    },
    'no-test': { kind: 'flag', summary: 'merge without testing or checking types' },
    batch: { kind: 'flag', summary: 'test once for all; when red, search for the branch by bisection' },
  },
  examples: [
    'squad-merge run --test "npm test"',
    'squad-merge run authentication logging --into develop --strategy squash',
    'squad-merge run --strategy pr',
  ],
  action: run,
};

async function run(call: Call): Promise<Outcome> {
  const merging = await openMerging(call);
  const strategy = readStrategy(call);
  if (strategy === 'pr') return pullRequests(call, merging);
  try {
    return await mergingAlone(merging.world, () => runQueue(call, merging, strategy));
  } catch (error) {
    if (!isSquadError(error, 'MERGE_BUSY')) throw error;
    const { code, message, hint } = error;
    return {
      exitCode: EXIT.contention,
      json: { error: { code, message, hint } },
      notice: `${message}\n  ${hint ?? ''}`,
    };
  }
}

async function runQueue(call: Call, merging: Merging, strategy: Strategy): Promise<Outcome> {
  const { world, squad, plans } = merging;
  const left = unfinishedRun(world);
  if (left !== undefined)
    world.onStep(
      `going on with run ${left.id} into ${left.target} (to give it up: squad-merge undo ${left.id})`,
    );
  const start = left ?? (await newRun(call, merging, strategy));
  const result = await finishRun(world, start, createHandOff(world, plans));
  const report = await reportRun(world, result.run, plans);
  const reportPath = writeReport(world, report);
  const { id, target, state } = result.run;
  squad.journal.record({
    kind: `merge.${state}`,
    agent: 'human',
    data: { id, target, head: result.run.head },
  });
  const isAll =
    state === 'landed' && result.run.entries.every((entry) => ['merged', 'nothing'].includes(entry.state));
  const isEmpty = result.run.entries.length === 0;
  return {
    exitCode: isAll || isEmpty ? EXIT.done : EXIT.failed,
    json: {
      ...result.run,
      landing: landingJson(result),
      contracts: report.contracts,
      boundaries: report.boundaries,
      report: reportPath,
    },
    text: describe(result, report.boundaries.length, reportPath),
  };
}

async function newRun(call: Call, merging: Merging, strategy: Strategy): Promise<MergeRun> {
  const { world } = merging;
  const selection = await selectFor(call, merging);
  const { order, cycles } = await forecastMerges(world, selection);
  const [ring] = cycles;
  if (ring !== undefined) {
    throw new SquadError({
      code: 'INPUT_INVALID',
      message: `no order satisfies the dependencies: ${[...ring, ring[0]].join(' → ')}`,
      hint: 'name the branches to merge first: squad-merge run NAME --into BRANCH',
    });
  }
  const checked = (name: 'test' | 'types'): string =>
    call.flag('no-test') ? '' : (call.value(name) ?? world.merge[name]);
  const checks = { test: checked('test'), types: checked('types') };
  return startRun(world, selection, { strategy, ...checks, batch: call.flag('batch'), order });
}

function readStrategy(call: Call): Strategy | 'pr' {
  const asked = call.value('strategy') ?? 'sequential';
  const known = [...STRATEGIES, 'pr' as const].find((strategy) => strategy === asked);
  if (known !== undefined) return known;
  throw new SquadError({
    code: 'USAGE',
    message: `there is no strategy "${asked}"`,
    hint: `one of: ${STRATEGIES.join(', ')}, pr`,
  });
}

async function pullRequests(call: Call, merging: Merging): Promise<Outcome> {
  const selection = await selectFor(call, merging);
  const forecast = await forecastMerges(merging.world, selection);
  const drafts = await draftPullRequests(merging.world, selection, forecast);
  const lines = drafts.flatMap(({ name, title, commands }) => [`# ${name}: ${title}`, ...commands, '']);
  return {
    exitCode: EXIT.done,
    json: { target: selection.target, pullRequests: drafts, leftOut: selection.leftOut },
    text: lines.join('\n').trimEnd() || `nothing to merge into ${selection.target}`,
  };
}

function landingJson({ landing }: RunResult): unknown {
  if (landing === undefined) return null;
  return landing.kind === 'landed' ? { kind: 'landed' } : landing;
}

const WORDS: Readonly<Record<RunEntry['state'], string>> = {
  queued: 'waiting ',
  merging: 'waiting ',
  testing: 'waiting ',
  integrated: 'waiting ',
  merged: 'merged  ',
  nothing: 'in      ',
  conflict: 'conflict',
  parked: 'parked  ',
  blocked: 'blocked ',
};

function describe(result: RunResult, crossings: number, reportPath: string): string {
  const { run } = result;
  const lines = run.entries.map(({ name, state, reason, files = [], settled = {}, log, handoff }) =>
    [
      `${WORDS[state]} ${name}${reason === undefined ? '' : `  ${reason}`}${files.length === 0 ? '' : `: ${files.join(', ')}`}`,
      ...Object.entries(settled).map(([path, how]) => `         ${path}: ${how}`),
      ...(log === undefined ? [] : [`         output: .squad/${log}`]),
      ...(handoff === undefined ? [] : [`         handed over: .squad/${handoff}`]),
    ].join('\n'),
  );
  const untested =
    run.test === '' && run.state === 'landed'
      ? ['not tested: no test command (set merge.test, or --test COMMAND)']
      : [];
  const crossed =
    crossings === 0
      ? []
      : [`${crossings} change${crossings === 1 ? '' : 's'} outside the own area, see the report`];
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    ...ending(result),
    ...untested,
    ...crossed,
    `report: ${reportPath}`,
  ].join('\n');
}

function ending({ run, landing }: RunResult): readonly string[] {
  if (run.state === 'landed')
    return [
      `${run.target} is now ${run.head.slice(0, 12)} (was ${run.from.slice(0, 12)})`,
      `undo: squad-merge undo ${run.id}`,
    ];
  if (landing?.kind === 'held')
    return [
      `${run.target} was not moved: ${landing.why}`,
      `all is merged and green in ${run.head.slice(0, 12)}; to take it over: ${landing.next}`,
      'or clean up there and run: squad-merge run',
    ];
  if (landing?.kind === 'moved')
    return [`${run.target} keeps moving; it was not touched`, 'run again: squad-merge run'];
  if (run.state === 'running') return ['stopped as asked; nothing is lost', 'go on: squad-merge run'];
  return [`${run.target} was not touched: ${run.reason ?? run.state}`];
}
