import { printable, printableLine, renderDuration } from '#protocol';
import type { AgentRow, StatusRecord } from './status-record.ts';

/** What the person at the board looks at. */
export interface BoardView {
  readonly columns: number;
  readonly rows: number;
  /** Index of the agent that keys act on. */
  readonly selected: number;
  /** True: everything about that agent instead of all agents. */
  readonly isDetail: boolean;
  /** What the last key did. */
  readonly message: string;
}

/** A line with its role; the terminal decides on colour. */
export interface BoardLine {
  readonly text: string;
  readonly tone: 'plain' | 'title' | 'selected' | 'good' | 'warning' | 'error' | 'faint';
}

/**
 * The board: exactly `rows` lines of at most `columns` characters, from 80×24 up. What does not fit is counted
 * (`… 3 more`), never silently cut.
 */
export function renderBoard(record: StatusRecord, view: BoardView): readonly BoardLine[] {
  const head = [headLine(record), { text: '', tone: 'plain' as const }];
  const foot = footLines(record, view);
  const room = Math.max(0, view.rows - head.length - foot.length);
  const body = view.isDetail ? detail(record, view) : overview(record, view, room);
  const lines = [...head, ...fit(body, room), ...foot].slice(0, view.rows);
  return lines.map(({ text, tone }) => ({ tone, text: cut(text, view.columns) }));
}

function headLine(record: StatusRecord): BoardLine {
  const done = record.tasks.filter(({ state }) => state === 'complete').length;
  const eta = record.eta === null ? '' : `  done by ${record.eta.slice(11, 16)}`;
  const conflicts = record.conflicts.length;
  const text = `squad ${record.at.slice(11, 19)}  ${record.agents.length} agents  ${done}/${record.tasks.length} tasks${eta}  ${conflicts} ${conflicts === 1 ? 'conflict' : 'conflicts'}`;
  return { text, tone: conflicts > 0 ? 'error' : 'title' };
}

function footLines(record: StatusRecord, view: BoardView): readonly BoardLine[] {
  // What it approves is the first under "Needs a person".
  const approve = record.needs.length === 0 ? '' : 'a approve  ';
  return [
    { text: view.message, tone: 'warning' },
    { text: `${approve}↑↓ choose  enter detail  p pause  r resume  b break  q quit`, tone: 'faint' },
  ];
}

function overview(record: StatusRecord, view: BoardView, room: number): readonly BoardLine[] {
  const others = [
    ...group(
      'Needs a person',
      record.needs.flatMap(({ message, commands }, index) => [
        { text: `${index === 0 ? '[a] ' : ''}${message}`, tone: 'warning' as const },
        ...commands.map((command) => ({ text: `    ${command}`, tone: 'plain' as const })),
      ]),
    ),
    ...group(
      'Findings',
      record.findings.filter(isNews).map(({ severity, kind, message }) => ({
        text: `${kind} ${message}`,
        tone: severity === 'info' ? ('plain' as const) : severity,
      })),
    ),
    ...group(
      'Orders',
      record.controls
        .filter(({ command }) => command !== 'resume')
        .map(({ command, to, missing, pending }) => ({
          text: `${command} ${to}${missing.length === 0 ? ', acknowledged' : `, not acknowledged by ${missing.join(', ')}`}${pending.length === 0 ? '' : `; pending: ${pending.join(', ')}`}`,
          tone: missing.length === 0 ? ('plain' as const) : ('warning' as const),
        })),
    ),
    ...group(
      'Leases',
      record.leases.map((lease) => ({
        text: `${lease.path}  ${lease.agent} (${lease.holder}) for ${renderDuration(Math.max(1000, lease.ageMs))}`,
        tone: 'plain' as const,
      })),
    ),
    ...group(
      'Handoffs',
      record.handoffs
        .filter(({ state }) => state === 'requested' || state === 'accepted')
        .map(({ from, to, files, state }) => ({
          text: `${from} → ${to}  ${files.join(', ')}  ${state}`,
          tone: 'plain' as const,
        })),
    ),
  ];
  const table = agentTable(record, view);
  // Agents first; the rest gets at least a third.
  const forAgents = Math.max(room - others.length, Math.ceil((room * 2) / 3));
  return [...(table.length > forAgents ? fit(table, forAgents) : table), ...others];
}

// A checkpoint stands under what needs a person already.
function isNews({ kind }: StatusRecord['findings'][number]): boolean {
  return kind !== 'CHECKPOINT_WAITING';
}

function group(title: string, lines: readonly BoardLine[]): readonly BoardLine[] {
  return lines.length === 0 ? [] : [{ text: '', tone: 'plain' }, { text: title, tone: 'title' }, ...lines];
}

const COLUMNS: readonly (readonly [
  title: string,
  share: number,
  cell: (row: AgentRow, record: StatusRecord) => string,
])[] = [
  ['AGENT', 18, (row) => row.id],
  ['IS', 7, (row) => row.life],
  ['SAYS', 8, (row) => row.status ?? ''],
  ['TASK', 18, (row) => [row.task, row.title].filter(Boolean).join(' ')],
  ['DONE', 5, (row) => (row.done === null || row.total === null ? '' : `${row.done}/${row.total}`)],
  ['SEEN', 4, (row) => (row.silentForMs === null ? '' : wholeSeconds(row.silentForMs))],
  ['WAITS FOR', 14, waitsFor],
];

function waitsFor(row: AgentRow, record: StatusRecord): string {
  if (row.waitingFor === null) return '';
  const path = row.waitingFor.replace(/^\/+/u, '');
  const holder = record.leases.find((lease) => lease.path === path)?.agent;
  return holder === undefined ? row.waitingFor : `${holder}: ${row.waitingFor}`;
}

function agentTable(record: StatusRecord, view: BoardView): readonly BoardLine[] {
  const total = COLUMNS.reduce((sum, [, share]) => sum + share, 0);
  const spare = Math.max(0, view.columns - COLUMNS.length + 1 - total);
  const width = (share: number): number => share + Math.floor((spare * share) / total);
  const line = (cells: readonly string[]): string =>
    COLUMNS.map(([, share], index) => pad(cells[index] ?? '', width(share)))
      .join(' ')
      .trimEnd();
  const rows = record.agents.map((row, index): BoardLine => ({
    text: line(COLUMNS.map(([, , cell]) => cell(row, record))),
    tone: index === view.selected ? 'selected' : toneOf(row),
  }));
  return [{ text: line(COLUMNS.map(([title]) => title)), tone: 'faint' }, ...rows];
}

function toneOf({ life, status }: AgentRow): BoardLine['tone'] {
  if (life === 'dead') return 'error';
  if (life === 'slow' || life === 'unknown' || status === 'BLOCKED' || status === 'FAILED') return 'warning';
  return life === 'alive' ? 'good' : 'plain';
}

function detail(record: StatusRecord, view: BoardView): readonly BoardLine[] {
  const row = record.agents[view.selected];
  if (row === undefined) return [{ text: 'no agent', tone: 'faint' }];
  const plain = (text: string): BoardLine => ({ text, tone: 'plain' });
  const own = <T extends { readonly agent: string }>(rows: readonly T[]): readonly T[] =>
    rows.filter(({ agent }) => agent === row.id);
  return [
    { text: `${row.id}  ${row.role ?? ''}`, tone: 'title' },
    plain(`says ${row.status ?? 'nothing'}, is ${row.life}`),
    ...row.because.map((reason) => plain(`  ${reason}`)),
    ...(row.next === null ? [] : [plain(`next: ${row.next}`)]),
    ...(row.waitingFor === null
      ? []
      : [
          plain(
            `waits for ${row.waitingFor}${row.waitingSince === null ? '' : ` since ${row.waitingSince}`}`,
          ),
        ]),
    ...group(
      'Tasks',
      own(record.tasks).map(({ id, title, state, why }) => plain(`${id} ${title}: ${state}, ${why}`)),
    ),
    ...group(
      'Leases',
      own(record.leases).map(({ path, purpose, expiresAt }) =>
        plain(`${path} until ${expiresAt} ${purpose ?? ''}`),
      ),
    ),
    ...group(
      'Findings',
      record.findings
        .filter(({ agents }) => agents.includes(row.id))
        .map(({ kind, message }) => plain(`${kind} ${message}`)),
    ),
  ];
}

function fit(lines: readonly BoardLine[], room: number): readonly BoardLine[] {
  if (lines.length <= room)
    return [
      ...lines,
      ...Array.from({ length: room - lines.length }, (): BoardLine => ({ text: '', tone: 'plain' })),
    ];
  if (room === 0) return [];
  const shown = lines.slice(0, room - 1);
  return [...shown, { text: `… ${lines.length - shown.length} more`, tone: 'faint' }];
}

// Columns are aligned by spaces, which `printableLine` would fold.
function cut(text: string, width: number): string {
  const safe = printable(text).replaceAll(/[\t\n]/gu, ' ');
  return safe.length <= width ? safe : `${safe.slice(0, width - 1)}…`;
}

function pad(text: string, width: number): string {
  const line = printableLine(text, width);
  return line.padEnd(width);
}

// One unit, and no less than a second: the column is narrow and redrawn all the time.
function wholeSeconds(ms: number): string {
  return ms < 1000 ? 'now' : (renderDuration(ms).split(' ')[0] ?? '');
}
