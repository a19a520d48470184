import { appendBlock, journalDraftOf, type UnplacedBlock } from '#comms';
import type { Clock } from '#protocol';
import type { Journal, Store } from '#store';
import { TASK_STATE_FIELD } from '#tasks';
import type { TaskNews } from './run-task.ts';

/** Where an agent's blocks go. */
export interface TalkPorts {
  readonly store: Store;
  readonly squadDir: string;
  readonly clock: Clock;
  readonly journal: Journal;
}

/** Says in an agent's comm file that its task begins. The agent's process does not run yet, so the file has one writer. */
export function sayStarted(ports: TalkPorts, { task, agent }: TaskNews): void {
  say(ports, {
    kind: 'status',
    ...base(ports, agent),
    status: 'ACTIVE',
    taskId: task.id,
    taskTitle: task.title,
    filesModified: [],
    extra: { [TASK_STATE_FIELD]: 'STARTED' },
  });
}

/** Says how the task ended, with evidence where there is some. The agent's process has ended. */
export function sayEnded(ports: TalkPorts, news: TaskNews): void {
  const { task, agent, item, settlement, accepted } = news;
  const filesModified = (settlement?.changed ?? []).slice(0, 200).map((path) => ({ path }));
  if (item.state !== 'done') {
    const attempts = item.attempts.map(({ reason }) => reason ?? 'interrupted');
    say(ports, {
      kind: 'error-report',
      ...base(ports, agent),
      taskId: task.id,
      error: item.reason ?? 'failed',
      attempts,
      extra: {},
    });
    return;
  }
  const commit = settlement?.commit;
  const evidence = (accepted ?? []).map(({ command }) => ({
    command,
    exitCode: 0,
    ...(commit && { commit }),
  }));
  const extra = item.branch === undefined ? {} : { Branch: item.branch };
  say(ports, { kind: 'completion', ...base(ports, agent), taskId: task.id, filesModified, evidence, extra });
}

function base({ clock }: TalkPorts, author: string): { author: string; at: number } {
  return { author, at: clock.wallMs() };
}

function say({ store, squadDir, journal }: TalkPorts, block: UnplacedBlock): void {
  appendBlock(store, squadDir, block);
  journal.record(journalDraftOf(block));
}
