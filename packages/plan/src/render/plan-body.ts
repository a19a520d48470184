import { printableLine, type OwnershipMatrix, type PlanHeader } from '#protocol';
import type { LikelyFile } from '../plan/plan.ts';
import { pathList } from './path-list.ts';
import { renderTask } from './plan-task.ts';
import { writtenBy, type TeamIndex, type TeamTask } from './team.ts';

/** What an agent's plan is rendered from. */
export interface BodyInput {
  readonly header: PlanHeader;
  readonly team: TeamIndex;
  readonly matrix: Pick<OwnershipMatrix, 'paths'>;
  /** Files that the tasks may change too, by imports and history. */
  readonly likely: readonly (LikelyFile & { readonly task: string })[];
}

/** The body of a plan in the sections people know, ownership first because that is what an agent must not miss. */
export function renderPlanBody(input: BodyInput): string {
  const { header } = input;
  const sections = [
    `# ${header.agent}: ${header.feature}`,
    section('File Ownership', ownership(input)),
    section('Agent Identity', identity(header)),
    section('Technology Stack', technology(header)),
    section('Tasks', header.tasks.map((task, index) => renderTask(input, task, index + 1)).join('\n\n')),
    section('Execution Schedule', schedule(header)),
    section('Lock Strategy', lockStrategy(header)),
    section('Communication Points', communication(input)),
    section('May Also Change', guesses(input)),
    section('Contingency', CONTINGENCY),
    section('Success Criteria', success(header)),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, text: string): string {
  return text === '' ? '' : `## ${title}\n${text}`;
}

function ownership({ header, matrix }: BodyInput): string {
  const rules = Object.entries(matrix.paths);
  const own = rules
    .filter(([, rule]) => rule.owner === header.agent && rule.access === 'EXCLUSIVE')
    .map(([path]) => path);
  const shared = rules.filter(
    ([, { access, order }]) => access === 'SEQUENTIAL' && order?.includes(header.agent) === true,
  );
  const created = unique(header, 'create');
  const modified = unique(header, 'modify');
  const read = unique(header, 'read');
  const readOnly = rules.filter(([, { access }]) => access === 'READ-ONLY').map(([path]) => path);
  return [
    `You own: ${pathList(own)}`,
    ...shared.map(
      ([path, { order = [] }]) =>
        `Shared, in turn: \`${path}\` (${order.join(', then ')}); take its lock first`,
    ),
    'Every other path belongs to someone else or to nobody: ask before you write there.',
    '',
    `- CREATE: ${pathList(created)}`,
    `- MODIFY: ${pathList(modified)}`,
    `- READ-ONLY: ${pathList([...read, ...readOnly])}`,
  ].join('\n');
}

function unique(header: PlanHeader, kind: 'create' | 'modify' | 'read'): readonly string[] {
  return [...new Set(header.tasks.flatMap(({ files }) => files[kind]))];
}

function identity({ agent, role }: PlanHeader): string {
  return `You are \`${agent}\` (${role}). Set \`AGENT_ID=${agent}\`; your comm file is \`.squad/comms/${agent}-comm.md\`.`;
}

const STACK: Readonly<Record<string, string>> = {
  tsx: 'TypeScript with JSX',
  jsx: 'JavaScript with JSX',
  ts: 'TypeScript',
  js: 'JavaScript',
  mjs: 'JavaScript',
  py: 'Python',
  rs: 'Rust',
  go: 'Go',
  java: 'Java',
  kt: 'Kotlin',
  cs: 'C#',
  rb: 'Ruby',
  php: 'PHP',
  vue: 'Vue',
  svelte: 'Svelte',
  sql: 'SQL',
  prisma: 'Prisma',
  dart: 'Dart',
  swift: 'Swift',
};

function technology(header: PlanHeader): string {
  const names = header.tasks
    .flatMap((task) => writtenBy(task))
    .flatMap((path) => STACK[/\.(\w+)$/u.exec(path)?.[1] ?? ''] ?? []);
  const found = [...new Set(names)].sort();
  return found.length === 0 ? '' : `${found.join(', ')} (by the files of this plan)`;
}

function schedule({ tasks }: PlanHeader): string {
  const rows = tasks.map(
    ({ id, start_minute: start, estimate_minutes: minutes }) => `| ${start} | ${start + minutes} | ${id} |`,
  );
  return ['| from minute | to | task |', '| --- | --- | --- |', ...rows].join('\n');
}

function lockStrategy({ agent }: PlanHeader): string {
  return [
    `Before a task: \`squad-lock acquire <all files of the task> --agent ${agent}\` in one call; exit 3 means held: wait with \`--wait 5m\` or do the alternative task.`,
    `After its commit: \`squad-lock release --all --agent ${agent}\`.`,
  ].join('\n');
}

function communication({ header, team }: BodyInput): string {
  const lines = header.tasks.flatMap((task) => [...handoffsOf({ ...task, agent: header.agent }, team)]);
  const giving = lines.filter(({ kind }) => kind === 'to').map(({ text }) => text);
  const taking = lines.filter(({ kind }) => kind === 'from').map(({ text }) => text);
  const line = (label: string, texts: readonly string[]): string =>
    `- ${label}: ${texts.length === 0 ? 'nobody' : texts.join('; ')}`;
  const sync = [
    ...new Set(
      header.tasks.flatMap(({ depends_on: ids }) =>
        ids.filter((id) => team.byId.get(id)?.agent !== header.agent),
      ),
    ),
  ];
  return [
    line('Handoff to', giving),
    line('Receives from', taking),
    `- Sync points: ${sync.length === 0 ? 'none' : `${sync.slice(0, 20).join(', ')} done by others`}`,
  ].join('\n');
}

interface Exchange {
  readonly kind: 'to' | 'from';
  readonly text: string;
}

function handoffsOf(task: TeamTask, team: TeamIndex): readonly Exchange[] {
  const exchanges: Exchange[] = [];
  for (const path of writtenBy(task)) {
    const writers = team.writers.get(path) ?? [];
    const place = writers.findIndex(({ id }) => id === task.id);
    const [before, after] = [writers[place - 1], writers[place + 1]];
    if (before !== undefined && before.agent !== task.agent)
      exchanges.push({ kind: 'from', text: `${before.agent} \`${path}\` after ${before.id}` });
    if (after !== undefined && after.agent !== task.agent)
      exchanges.push({ kind: 'to', text: `${after.agent} \`${path}\` after ${task.id}, for ${after.id}` });
  }
  for (const other of team.dependents.get(task.id) ?? []) {
    if (other.agent !== task.agent)
      exchanges.push({ kind: 'to', text: `${other.agent}: ${task.id} done, for ${other.id}` });
  }
  return exchanges;
}

const MOST_GUESSES = 20;

function guesses({ likely }: BodyInput): string {
  if (likely.length === 0) return '';
  const lines = likely
    .slice(0, MOST_GUESSES)
    .map(
      ({ task, path, confidence, why }) => `- ${task}: \`${path}\` (${confidence}: ${printableLine(why)})`,
    );
  return [
    'Guesses from imports and history; they are not yours because of it, so ask the owner first.',
    ...lines,
  ].join('\n');
}

const CONTINGENCY = [
  '- Blocked over 15 minutes: post `squad-comms status BLOCKED --waiting-for …`, do the alternative task.',
  '- A path you need is not yours: `squad-comms ask` its owner; do not edit it.',
  '- A task fails twice: post an error report with what you tried, go on with the next task.',
].join('\n');

function success({ tasks }: PlanHeader): string {
  const checks = tasks.flatMap(({ id, acceptance }) =>
    acceptance === undefined ? [] : [`- ${id}: \`${acceptance}\` succeeds`],
  );
  return [
    `- All ${tasks.length} tasks reported with \`squad-comms done --task <id> --evidence "<command>"\`.`,
    ...checks,
    '- No lock is left, no file outside "You own" is changed without its turn.',
  ].join('\n');
}
