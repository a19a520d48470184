import { printableLine, renderDuration } from '#protocol';
import type { AgentRow, StatusRecord } from './status-record.ts';

/** `.squad/reports/status.md`: the state for people. */
export function renderStatus(record: StatusRecord): string {
  const count = (state: string): number => record.tasks.filter((task) => task.state === state).length;
  const head = [
    `# Status ${record.at}`,
    '',
    `${counted(record.agents.length, 'agent')}, ${counted(record.tasks.length, 'task')}: ${count('complete')} complete, ${count('claimed')} claimed, ${count('active')} active, ${count('ready')} ready, ${count('blocked')} blocked, ${count('failed')} failed. ${counted(record.conflicts.length, 'conflict')}.`,
  ];
  return `${[
    ...head,
    ...section(
      'Conflicts',
      record.conflicts.map(({ kind, message }) => `- **${kind}** ${cell(message)}`),
    ),
    ...table(
      'Agents',
      ['agent', 'says', 'observed', 'task', 'progress', 'waits for', 'last seen'],
      record.agents.map(agentCells),
    ),
    ...table(
      'Tasks',
      ['task', 'agent', 'state', 'why'],
      record.tasks.map(({ id, title, agent, state, why }) => [`${id} ${title}`, agent, state, why]),
    ),
    ...table(
      'Leases',
      ['path', 'holder', 'purpose', 'age', 'until'],
      record.leases.map((lease) => [
        lease.path,
        `${lease.agent} (${lease.holder})`,
        lease.purpose ?? '',
        renderDuration(lease.ageMs),
        lease.isExpired ? 'expired' : lease.expiresAt,
      ]),
    ),
    ...table(
      'Handoffs',
      ['id', 'from', 'to', 'files', 'state'],
      record.handoffs.map(({ id, from, to, files, state }) => [id, from, to, files.join(', '), state]),
    ),
    ...section(
      'Other findings',
      record.findings
        .filter((finding) => !record.conflicts.includes(finding))
        .map(({ kind, message }) => `- ${kind} ${cell(message)}`),
    ),
    ...section(
      'Actions',
      record.actions.map(
        ({ policy, kind, key, reason }) =>
          `- ${policy}: ${kind} ${cell(key.slice(kind.length + 1))}, because ${cell(reason)}`,
      ),
    ),
  ].join('\n')}\n`;
}

function agentCells(row: AgentRow): readonly string[] {
  const progress = row.done === null || row.total === null ? '' : `${row.done}/${row.total}`;
  const seen = row.silentForMs === null ? 'never' : `${renderDuration(row.silentForMs)} ago`;
  return [
    row.id,
    row.status ?? '',
    row.life,
    [row.task, row.title].filter(Boolean).join(' '),
    progress,
    row.waitingFor ?? '',
    seen,
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function table(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return section(title, [line(columns), `|${columns.map(() => ' --- ').join('|')}|`, ...rows.map(line)]);
}

function cell(text: string): string {
  return printableLine(text, 120).replaceAll('|', '\\|');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
