import { join } from 'node:path';
import { changedPaths } from '#git';
import { readOwnership, resolveOwner, isOwner } from '#ownership';
import { renderDuration, type PlanHeader } from '#protocol';
import type { Check, CheckKind, MergeRun, RunEntry } from './run-record.ts';
import { runFolder } from './runs.ts';
import type { MergeWorld } from './world.ts';

/** A file that a branch changed though the matrix gives it to another agent. */
export interface BoundaryCrossing {
  readonly name: string;
  readonly path: string;
  readonly owner: string;
}

/** The integration report: what went in, what did not and why, contracts and boundaries. */
export interface IntegrationReport {
  readonly run: MergeRun;
  readonly branches: readonly (RunEntry & { readonly changed: readonly string[] })[];
  /** Changed files that agents agreed on: contracts and type declarations. */
  readonly contracts: readonly { readonly name: string; readonly path: string }[];
  readonly boundaries: readonly BoundaryCrossing[];
}

const CONTRACT =
  /(?:^|\/)(?:contracts?|schemas?|types|proto|openapi)\/|\.(?:d\.ts|proto|graphql|avsc)$|openapi\.(?:ya?ml|json)$/u;

/** Gathers the report of a run from its commits and the ownership matrix. */
export async function reportRun(
  world: MergeWorld,
  run: MergeRun,
  plans: readonly PlanHeader[],
): Promise<IntegrationReport> {
  const matrix = await readOwnership(world.store, world.home.squadDir);
  const branches: (RunEntry & { changed: readonly string[] })[] = [];
  const boundaries: BoundaryCrossing[] = [];
  for (const entry of run.entries) {
    const changed = (await changedPaths(world.home.mainRoot, run.from, entry.tip)).map(({ path }) => path);
    branches.push({ ...entry, changed });
    const agent = entry.agent ?? entry.name;
    const roles = plans.filter((plan) => plan.agent === agent).map(({ role }) => role);
    for (const path of changed) {
      const found = resolveOwner(matrix, path);
      if (found.kind !== 'ruled' || found.rule.access !== 'EXCLUSIVE' || found.rule.owner === 'NONE')
        continue;
      if (!isOwner(found.rule.owner, { agent, roles }))
        boundaries.push({ name: entry.name, path, owner: found.rule.owner });
    }
  }
  const contracts = branches.flatMap(({ name, changed }) =>
    changed.filter((path) => CONTRACT.test(path)).map((path) => ({ name, path })),
  );
  return { run, branches, contracts, boundaries };
}

/** Writes the report beside the run's record and returns its path. */
export function writeReport(world: MergeWorld, report: IntegrationReport): string {
  const path = join(runFolder(world.home.squadDir, report.run.id), 'report.md');
  world.store.writeAtomic(path, renderReport(report));
  return path;
}

/** The report as markdown for people. */
export function renderReport({ run, branches, contracts, boundaries }: IntegrationReport): string {
  const took =
    run.finishedAt === undefined
      ? ''
      : `, took ${renderDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}`;
  const lines = [
    `# Integration into ${run.target}`,
    '',
    `Run ${run.id}, ${run.strategy}, started ${run.startedAt}${took}: **${run.state}**${run.reason === undefined ? '' : ` (${run.reason})`}`,
    '',
    `- before: ${run.from}`,
    `- after: ${run.head}`,
    '',
    '## Branches',
    '',
    '| branch | state | commit | files | why |',
    '|---|---|---|---|---|',
    ...branches.map(rowOf),
    ...section('Settled without a person', branches.flatMap(settledLines)),
    ...section(
      'Contracts that changed',
      contracts.map(({ name, path }) => `- ${path} (${name})`),
    ),
    ...section(
      'Outside the own area',
      boundaries.map(({ name, path, owner }) => `- ${path}: changed by ${name}, owned by ${owner}`),
    ),
    '',
    '## Tests',
    '',
    ...checkLines(run, 'test'),
    '',
    '## Types',
    '',
    ...checkLines(run, 'types'),
    ...section('Undo', run.state === 'landed' ? [`    squad-merge undo ${run.id}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const UNCHECKED: Readonly<Record<CheckKind, string>> = {
  test: 'No test is configured (`merge.test`), so nothing shows that the result works.',
  types: 'No type check is configured (`merge.types`).',
};

function checkLines(run: MergeRun, kind: CheckKind): readonly string[] {
  const command = kind === 'test' ? run.test : (run.types ?? '');
  if (command === '') return [UNCHECKED[kind]];
  const rows = run.entries.flatMap(({ name, checks = [] }) =>
    checks.filter((check) => check.kind === kind).map((check) => checkRow(name, check)),
  );
  const when = run.batch ? 'once for all, after each merge only to find what is red' : 'after each merge';
  return [
    `\`${command}\`, ${when}.`,
    '',
    ...(rows.length === 0
      ? ['It judged none of these branches.']
      : ['| up to | result | commit | took | output |', '|---|---|---|---|---|', ...rows]),
  ];
}

function checkRow(name: string, { exitCode, commit, tookMs, log }: Check): string {
  const result = exitCode === 0 ? 'green' : `red (exit ${exitCode})`;
  return row([name, result, commit.slice(0, 12), renderDuration(tookMs), `.squad/${log}`]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function rowOf({
  name,
  state,
  commit,
  changed,
  reason,
  handoff,
}: IntegrationReport['branches'][number]): string {
  const why = [reason, handoff === undefined ? undefined : `.squad/${handoff}`].filter(
    (part) => part !== undefined,
  );
  const cells = [
    name,
    state,
    (state === 'merged' ? commit?.slice(0, 12) : undefined) ?? '',
    String(changed.length),
    why.join('; '),
  ];
  return row(cells);
}

function settledLines({ name, settled = {} }: RunEntry): readonly string[] {
  return Object.entries(settled).map(([path, how]) => `- ${path} (${name}): ${how}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}
