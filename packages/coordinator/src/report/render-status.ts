import { printableLine, renderDuration } from '#protocol';
import type { AgentRow, StatusRecord } from './status-record.ts';

/** `.squad/reports/status.md`: the state for people. */
export function renderStatus(record: StatusRecord): string {
  const count = (state: string): number => record.tasks.filter((task) => task.state === state).length;
  const head = [
    `# Status ${record.at}`,
    '',
    `${counted(record.agents.length, 'agent')}, ${counted(record.tasks.length, 'task')}: ${count('complete')} complete, ${count('claimed')} claimed,${count('review') === 0 ? '' : ` ${count('review')} in review,`} ${count('active')} active, ${count('ready')} ready, ${count('blocked')} blocked, ${count('failed')} failed. ${counted(record.conflicts.length, 'conflict')}.`,
  ];
  return `${[
    ...head,
    ...section(
      'Conflicts',
      record.conflicts.map(({ kind, message }) => `- **${kind}** ${printableLine(message)}`),
    ),
    ...section('Needs a person', record.needs.map(needLine)),
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
    ...table('Gates', ['task', 'command', 'state', 'exit', 'commit', 'run by', 'when'], gateRows(record)),
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
    ...orders(record),
    ...section(
      'Other findings',
      record.findings
        .filter((finding) => !record.conflicts.includes(finding) && finding.kind !== 'CHECKPOINT_WAITING')
        .map(({ kind, message }) => `- ${kind} ${printableLine(message)}`),
    ),
    ...section(
      'Actions',
      record.actions.map(
        ({ policy, kind, key, reason }) =>
          `- ${policy}: ${kind} ${printableLine(key.slice(kind.length + 1))}, because ${printableLine(reason)}`,
      ),
    ),
  ].join('\n')}\n`;
}

/** `- T-03 … waits for approval: squad-task approve T-03, or …`. */
export function needLine({ message, commands }: StatusRecord['needs'][number]): string {
  return `- ${printableLine(message)}: ${commands.map((command) => `\`${printableLine(command)}\``).join(' or ')}`;
}

function orders({ controls }: StatusRecord): readonly string[] {
  return table(
    'Orders',
    ['order', 'to', 'since', 'acknowledged by', 'not by', 'pending tasks'],
    controls.map(({ command, to, at, acknowledgedBy, missing, pending }) => [
      command,
      to,
      at ?? '',
      acknowledgedBy.join(', '),
      missing.join(', '),
      pending.join(', '),
    ]),
  );
}

// Only what somebody ran; what is missing stands beside its task.
function gateRows({ tasks }: StatusRecord): readonly (readonly string[])[] {
  return tasks.flatMap(({ id, gates }) =>
    gates
      .filter(({ agent }) => agent !== null)
      .map(({ command, state, exitCode, commit, tree, agent, at }) => [
        id,
        command,
        state,
        `${exitCode ?? ''}`,
        `${commit?.slice(0, 9) ?? ''}${tree === null ? '' : ' with changes'}`,
        agent ?? '',
        at ?? '',
      ]),
  );
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
