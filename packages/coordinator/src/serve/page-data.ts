import type { CommBlock } from '#protocol';
import type { Tick } from '../loop/coordinator.ts';
import type { StatusRecord } from '../report/status-record.ts';

const MESSAGES_SHOWN = 100;

/** A task's bar: planned in minutes from the start of the whole, actual as instants. */
export interface GanttBar {
  readonly id: string;
  readonly title: string;
  readonly agent: string;
  readonly state: string;
  readonly plannedStart: number;
  readonly plannedMinutes: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** What the page is sent at each tick. */
export interface PageData {
  readonly record: StatusRecord;
  readonly now: number;
  readonly gantt: readonly GanttBar[];
  readonly messages: readonly {
    readonly at: number | null;
    readonly author: string;
    readonly kind: string;
    readonly text: string;
  }[];
}

/** The state in the form that the page draws. */
export function pageData({ record, judgement, snapshot }: Tick, blocks: readonly CommBlock[]): PageData {
  return {
    record,
    now: snapshot.at,
    gantt: judgement.tasks
      .filter(({ isPlanned }) => isPlanned)
      .map((task) => ({
        id: task.id,
        title: task.title,
        agent: task.agent,
        state: task.state,
        plannedStart: task.startMinute,
        plannedMinutes: task.estimateMinutes,
        startedAt: task.startedAt ?? null,
        endedAt: task.completion?.at ?? null,
      })),
    messages: blocks
      .toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))
      .slice(0, MESSAGES_SHOWN)
      .map((block) => ({
        at: block.at ?? null,
        author: block.author,
        kind: block.kind,
        text: textOf(block),
      })),
  };
}

function textOf(block: CommBlock): string {
  switch (block.kind) {
    case 'status':
      return [
        block.status,
        block.taskId,
        block.taskTitle,
        block.waitingFor && `waits for ${block.waitingFor}`,
        block.next && `next: ${block.next}`,
      ]
        .filter(Boolean)
        .join(' ');
    case 'handoff-request':
      return `to ${block.to}: ${block.files.join(', ')} ${block.notes ?? ''}`;
    case 'handoff-move':
      return `${block.move} ${block.id} ${block.reason ?? ''}`;
    case 'completion':
      return `${block.taskId ?? ''} ${block.summary ?? ''} ${block.evidence.map(({ command, exitCode }) => `${command} → ${exitCode}`).join(', ')}`;
    case 'gate':
      return `${block.taskId ?? ''} ${block.evidence.map(({ command, exitCode }) => `${command} → ${exitCode}`).join(', ')}`;
    case 'error-report':
      return `${block.taskId ?? ''} ${block.error}`;
    case 'ownership-request':
      return `${block.path} ${block.reason ?? ''}`;
    case 'reassignment':
      return `${block.taskId}: ${block.from} → ${block.to}, ${block.reason}`;
    case 'control':
      return `${block.command} ${block.to} ${block.reason ?? ''}`;
    case 'question':
    case 'answer':
    case 'broadcast':
    case 'ack':
      return `${block.to ?? 'all'}: ${block.text}`;
  }
}
