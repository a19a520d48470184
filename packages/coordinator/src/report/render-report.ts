import { printableLine, renderDuration, renderInstant } from '#protocol';
import type { Metrics } from '../journal/metrics.ts';
import type { PastState } from '../journal/past-state.ts';
import type { Tick } from '../loop/coordinator.ts';
import { needLine } from './render-status.ts';

/** What a report is made of: the state now, and the past from the journal. */
export interface ReportSources {
  readonly tick: Tick;
  readonly past: PastState;
  readonly metrics: Metrics;
}

/** `squad-sync report`: the state for somebody who has two minutes. */
export function renderReport({ tick, past, metrics }: ReportSources): string {
  const { record, snapshot } = tick;
  const done = record.tasks.filter(({ state }) => state === 'complete').length;
  const changes = [
    ...new Map(snapshot.changes.map((change) => [`${change.agent} ${change.path}`, change])).values(),
  ];
  const open = record.findings.filter(({ kind }) => kind !== 'DOUBT');
  return `${[
    `# Parallel execution report ${record.at}`,
    ...section('Executive summary', [
      `${done} of ${record.tasks.length} tasks are proven complete${record.eta === null ? '' : `; at the measured speed all are by ${record.eta}`}.`,
      `${openConflicts(record.conflicts.length)} ${speed(metrics)}`,
    ]),
    ...section(
      'Agents',
      record.agents.map(
        ({ id, status, life, task, because }) =>
          `- **${id}** says ${status ?? 'nothing'}, is ${life}${task === null ? '' : `, on ${task}`} (${because.join('; ') || 'no evidence'})`,
      ),
    ),
    ...section(
      'File changes',
      changes.map(({ path, agent, source }) => `- ${path}: ${agent} (${source})`),
    ),
    ...section('Blockers and resolutions', [
      ...open.map(
        ({ severity, kind, message }) =>
          `- ${severity === 'info' ? 'MONITORING' : 'ACTIVE'} ${kind}: ${printableLine(message)}`,
      ),
      ...resolved(past),
    ]),
    ...section('Opportunities', opportunities(tick)),
    ...section('Next actions', nextActions(tick)),
  ].join('\n')}\n`;
}

function openConflicts(count: number): string {
  if (count === 0) return 'No conflict is open.';
  return count === 1 ? '1 conflict is open.' : `${count} conflicts are open.`;
}

function speed(metrics: Metrics): string {
  if (metrics.speedUp === null || metrics.parallelEfficiency === null) return 'Nothing was measured yet.';
  return `Measured speed-up ${metrics.speedUp.toFixed(2)}, parallel efficiency ${(metrics.parallelEfficiency * 100).toFixed(0)} %.`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', `## ${title}`, '', ...(lines.length === 0 ? ['None.'] : lines)];
}

function resolved({ findings }: PastState): readonly string[] {
  return [...findings.values()].flatMap(({ kind, message, foundAt, clearedAt }) =>
    clearedAt === undefined
      ? []
      : [
          `- RESOLVED ${kind}: ${printableLine(message)} (after ${renderDuration(clearedAt - foundAt)}, ${renderInstant(clearedAt)})`,
        ],
  );
}

function opportunities({ record, judgement }: Tick): readonly string[] {
  const moves = judgement.actions.filter(({ kind }) => kind === 'rebalance-task');
  const ready = record.tasks.filter(({ state }) => state === 'ready');
  return [
    ...moves.map(({ key, reason }) => `- ${key.slice('rebalance-task:'.length)}: ${reason}`),
    ...ready.map(({ id, title, agent }) => `- ${id} ${title} can begin now (${agent})`),
  ];
}

function nextActions({ record, judgement }: Tick): readonly string[] {
  const told = judgement.actions.filter(({ policy }) => policy === 'report');
  const active = record.tasks.filter(({ state }) => state === 'active');
  return [
    ...record.needs.map(needLine),
    ...told.map(
      ({ kind, key, reason }) => `- look at: ${kind} ${key.slice(kind.length + 1)}, because ${reason}`,
    ),
    ...active.map(({ id, title, agent }) => `- ${agent} goes on with ${id} ${title}`),
  ];
}
