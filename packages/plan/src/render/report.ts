import { printableLine, renderDiagnostic } from '#protocol';
import type { Plan } from '../plan/plan.ts';
import { renderRegions } from './regions.ts';
import { renderGantt } from './gantt.ts';

const MOST_ROWS = 200;

/** `.squad/parallel-allocation-report.md`: why this split, for a person to judge. */
export function renderReport(plan: Plan): string {
  const sections = [
    `# Parallel allocation: ${plan.feature}`,
    analysis(plan),
    `## Streams\nRoles: ${printableLine(plan.rosterWhy)}.\n\n${table(
      ['agent', 'role', 'tasks', 'busy', 'idle'],
      plan.agents.map((agent) => [
        agent.id,
        agent.role,
        String(agent.tasks.length),
        `${agent.busyMinutes} min`,
        `${plan.makespanMinutes - agent.busyMinutes} min`,
      ]),
    )}`,
    `## Why ${plan.agents.length}\n${plan.agentsWhy}.\n\nCost of coordination, ${plan.handoffWhy}.\n\n${table(
      ['agents', 'makespan', 'efficiency', 'handoffs'],
      plan.alternatives.map((each) => [
        String(each.agents),
        `${each.makespanMinutes} min`,
        `${each.efficiency} %`,
        String(each.handoffs),
      ]),
    )}`,
    `## Ownership\n${table(
      ['path', 'owner', 'access', 'turns', 'why'],
      plan.ownership.map((row) => [`\`${row.path}\``, row.owner, row.access, row.order.join(' → '), row.why]),
    )}`,
    sharedFiles(plan),
    renderRegions(plan.regions),
    changes(plan),
    handoffs(plan),
    `## Schedule\n\`#\` is the critical path: ${plan.criticalPath.join(' → ')}.\n\n\`\`\`text\n${renderGantt(plan)}\n\`\`\``,
    waves(plan),
    `## Tasks\n${table(['task', 'title', 'agent', 'files', 'after', 'estimate', 'why'], plan.tasks.map(taskRow))}`,
    guesses(plan),
    notes(plan),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function analysis(plan: Plan): string {
  const work = plan.tasks.reduce((sum, { estimateMinutes }) => sum + estimateMinutes, 0);
  const gap =
    plan.lowerBoundMinutes === 0
      ? 0
      : (100 * (plan.makespanMinutes - plan.lowerBoundMinutes)) / plan.lowerBoundMinutes;
  const guessed = plan.tasks.filter(({ why }) => why.estimate.startsWith('no estimate')).length;
  return [
    '## Analysis',
    `- Source: \`${plan.source}\` (${plan.format}), ${plan.prdHash}`,
    `- ${plan.tasks.length} tasks, ${work} min of work; planned to end in ${plan.makespanMinutes} min with ${plan.agents.length} agents`,
    `- No schedule can end before ${plan.lowerBoundMinutes} min (${plan.lowerBoundKind}); this one is ${gap.toFixed(1)} % above that`,
    ...phases(plan),
    `- Files by how sure they are: ${confidences(plan)}`,
    `- ${plan.handoffs.length} planned handoffs; ${guessed} of ${plan.tasks.length} estimates are defaults`,
  ].join('\n');
}

function phases({ phases: cost, agents }: Plan): readonly string[] {
  if (cost === undefined) return [];
  const { barriers, strictMinutes, softMinutes, offMinutes } = cost;
  const how = {
    strict: 'Each phase waits for the one before',
    soft: 'Phases are hints: set-up and foundations first, later ones wait only in the folders of earlier ones',
    off: 'Phases are only headings',
  }[barriers];
  return [
    `- ${how} (--barriers ${barriers}); with ${agents.length} agents, the others played through quickly: strict ${strictMinutes} min, soft ${softMinutes} min, off ${offMinutes} min`,
  ];
}

function confidences({ tasks }: Plan): string {
  const all = tasks.flatMap(({ why }) => Object.values(why.confidence));
  const counts = (['stated', 'high', 'medium', 'low'] as const).flatMap((word) => {
    const count = all.filter((one) => one === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const bare = tasks.filter(({ why }) => Object.keys(why.confidence).length === 0).length;
  return [...counts, ...(bare === 0 ? [] : [`${bare} tasks without any`])].join(', ') || 'none';
}

function changes({ changes: rows }: Plan): string {
  if (rows.length === 0) return '';
  return `## Changes since the plan before\n${table(
    ['task', 'what', 'from', 'to', 'why'],
    rows.map(({ id, kind, from = '', to = '', why }) => [id, kind, from, to, why]),
  )}`;
}

function sharedFiles({ sharedFiles: rows }: Plan): string {
  if (rows.length === 0) return '';
  const intro =
    'In the four columns before the last: when everything would end with the file in that form; a dash where it is not possible (only logs are split, only parts of types, schemas and manifests can go first).';
  return `## Shared files\n${intro}\n\n${table(
    [
      'path',
      'tasks',
      'agents',
      'chosen',
      'parallelism lost',
      'one owner',
      'handed on',
      'shared first',
      'fragments',
      'why',
    ],
    rows.map(({ path, tasks, agents, form, lostMinutes, minutes, why }) => [
      `\`${path}\``,
      String(tasks),
      String(agents),
      form,
      `${lostMinutes} min`,
      ...[minutes.oneOwner, minutes.handedOn, minutes.sharedFirst, minutes.fragments].map((each) =>
        each === undefined ? '–' : `${each} min`,
      ),
      why,
    ]),
  )}`;
}

function handoffs({ handoffs: rows }: Plan): string {
  if (rows.length === 0) return '';
  return `## Handoffs\n${table(
    ['minute', 'path', 'from', 'to'],
    rows.map((row) => [
      String(row.minute),
      `\`${row.path}\``,
      `${row.fromTask} (${row.fromAgent})`,
      `${row.toTask} (${row.toAgent})`,
    ]),
  )}`;
}

function waves({ waves: rows, syncPoints }: Plan): string {
  const lines = rows.map(
    (ids, index) =>
      `${index + 1}. ${ids.slice(0, 40).join(', ')}${ids.length > 40 ? ` and ${ids.length - 40} more` : ''}`,
  );
  const syncs = syncPoints.map(({ name, minute }) => `- minute ${minute}: ${name}`);
  return `## Waves\n${lines.join('\n')}${syncs.length === 0 ? '' : `\n\n## Sync points\n${syncs.join('\n')}`}`;
}

function taskRow({
  id,
  title,
  agent,
  files,
  dependsOn,
  estimateMinutes,
  why,
}: Plan['tasks'][number]): readonly string[] {
  const paths = [...files.create, ...files.modify].map((path) => `\`${path}\``).join(', ');
  const reasons = [
    ...(why.added === undefined ? [] : [why.added]),
    why.agent,
    ...Object.values(why.files),
    ...Object.values(why.dependsOn),
    why.estimate,
  ];
  return [
    id,
    title,
    agent,
    paths,
    dependsOn.join(', '),
    `${estimateMinutes} min`,
    printableLine([...new Set(reasons)].join('; ')),
  ];
}

/** What imports and history say; nobody owns a file because of it. */
function guesses({ tasks }: Plan): string {
  const rows = tasks.flatMap(({ id, likely }) =>
    likely.map(({ path, confidence, why }) => [id, `\`${path}\``, confidence, why]),
  );
  if (rows.length === 0) return '';
  const intro =
    'Guesses from imports and history. Nobody owns a file because of them; name it in the document if it is written.';
  return `## May also change\n${intro}\n\n${table(['task', 'file', 'confidence', 'why'], rows)}`;
}

function notes({ diagnostics, skipped }: Plan): string {
  const problems = diagnostics.map((diagnostic) => `- ${renderDiagnostic(diagnostic).replaceAll('\n', ' ')}`);
  const left = skipped.map(
    ({ text, range, reason }) => `- line ${range.start.line}: ${printableLine(text, 80)} (${reason})`,
  );
  return [
    ...(problems.length === 0 ? [] : [`## Diagnostics\n${problems.join('\n')}`]),
    ...(left.length === 0 ? [] : [`## Not taken as tasks\n${left.slice(0, MOST_ROWS).join('\n')}`]),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/gu, ' ')).join(' | ')} |`;
  const shown = rows.slice(0, MOST_ROWS).map(line);
  const rest =
    rows.length > MOST_ROWS
      ? [line([`… ${rows.length - MOST_ROWS} more`, ...head.slice(1).map(() => '')])]
      : [];
  return [line(head), line(head.map(() => '---')), ...shown, ...rest].join('\n');
}
