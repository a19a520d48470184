import { EXIT } from '#protocol';
import { forecastMerges, type Forecast, type Selection } from '#merge';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { table } from '../shell/table.ts';
import { INTO_OPTION, openMerging, selectFor } from './open.ts';

/** `squad-merge plan`. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'In which order to merge, and what stands against it; changes nothing',
  positionals: '[name…]',
  options: INTO_OPTION,
  examples: ['squad-merge plan', 'squad-merge plan authentication logging --into develop --json'],
  action: (call) => look(call, planText),
};

/** `squad-merge forecast`. */
export const forecastCommand: Command = {
  name: 'forecast',
  summary: 'Which branches conflict, pair by pair and one after another, tried in memory',
  positionals: '[name…]',
  options: INTO_OPTION,
  examples: ['squad-merge forecast', 'squad-merge forecast --into main --json'],
  action: (call) => look(call, forecastText),
};

async function look(
  call: Call,
  text: (selection: Selection, forecast: Forecast) => string,
): Promise<Outcome> {
  const merging = await openMerging(call);
  const selection = await selectFor(call, merging);
  const forecast = await forecastMerges(merging.world, selection);
  const { target, targetCommit, candidates, leftOut } = selection;
  const isClear = forecast.cycles.length === 0 && forecast.cumulative.every(({ kind }) => kind === 'clean');
  return {
    exitCode: isClear ? EXIT.done : EXIT.failed,
    json: { target, targetCommit, candidates, leftOut, ...forecast },
    text: text(selection, forecast),
  };
}

function planText(selection: Selection, forecast: Forecast): string {
  const { target, candidates, leftOut } = selection;
  const rows = forecast.cumulative.map((each, index) => {
    const candidate = candidates.find(({ name }) => name === each.name);
    return [
      String(index + 1),
      each.name,
      String(candidate?.commits ?? 0),
      String(forecast.changed[each.name]?.length ?? 0),
      candidate?.dependsOn.join(', ') || '-',
      verdict(each),
    ];
  });
  const waiting = candidates.filter(({ uncommitted }) => uncommitted > 0);
  const lines = [
    rows.length === 0 ? `nothing to merge into ${target}` : `into ${target}, in this order:`,
    ...(rows.length === 0 ? [] : ['', table(['', 'NAME', 'COMMITS', 'FILES', 'AFTER', 'FORECAST'], rows)]),
    ...cycleLines(forecast),
    ...notes(
      'not in the plan:',
      leftOut.map(({ name, why }) => `${name}: ${why}`),
    ),
    ...notes(
      'not committed, so not part of it:',
      waiting.map(({ name, uncommitted }) => `${name}: ${uncommitted} change${uncommitted === 1 ? '' : 's'}`),
    ),
    ...(rows.length === 0 ? [] : ['', `next: squad-merge run --into ${target}`]),
  ];
  return lines.join('\n');
}

function forecastText({ target }: Selection, forecast: Forecast): string {
  const count = (kind: string): number => forecast.pairs.filter((pair) => pair.kind === kind).length;
  const rows = forecast.pairs
    .filter(({ kind }) => kind !== 'apart')
    .toSorted((a, b) => Number(b.kind === 'conflict') - Number(a.kind === 'conflict'))
    .map(({ a, b, kind, files }) => [kind, a, b, some(files)]);
  const alone = forecast.alone.filter(({ kind }) => kind !== 'clean');
  const lines = [
    `${forecast.pairs.length} pairs: ${count('conflict')} conflict, ${count('overlap')} change a file in different places, ${count('apart')} share nothing`,
    ...(rows.length === 0 ? [] : ['', table(['', 'BRANCH', 'BRANCH', 'FILES'], rows)]),
    ...notes(
      `in conflict with ${target} itself:`,
      alone.map(({ name, files }) => `${name}: ${some(files)}`),
    ),
    ...notes(
      'one after another:',
      forecast.cumulative.map((each) => `${each.name}: ${verdict(each)}`),
    ),
    ...cycleLines(forecast),
    '',
    'texts only: what merges cleanly can still fail its tests',
  ];
  return lines.join('\n');
}

function verdict({ kind, files, with: others }: Forecast['cumulative'][number]): string {
  if (kind === 'clean') return 'clean';
  if (kind === 'refused') return 'cannot be merged';
  return `conflict in ${some(files)}${others.length === 0 ? '' : ` with ${others.join(', ')}`}`;
}

function cycleLines({ cycles }: Forecast): readonly string[] {
  return notes(
    'in a ring of dependencies:',
    cycles.map((names) => [...names, names[0]].join(' → ')),
  );
}

function notes(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function some(files: readonly string[]): string {
  return files.length <= 3
    ? files.join(', ')
    : `${files.slice(0, 3).join(', ')} and ${files.length - 3} more`;
}
