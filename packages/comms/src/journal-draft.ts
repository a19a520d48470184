import type { EventDraft } from '#store';
import type { UnplacedBlock } from './render-block.ts';

/** The journal's event for a block that was just written: what metrics and replay need, not the whole text. */
export function journalDraftOf(block: UnplacedBlock): EventDraft {
  const { kind, data } = describe(block);
  return { kind, agent: block.author, data };
}

function describe(block: UnplacedBlock): { kind: string; data: Readonly<Record<string, unknown>> } {
  switch (block.kind) {
    case 'status': {
      const { status, taskId: task, taskTitle: title, done, total, waitingFor, next } = block;
      const files = block.filesModified.map(({ path }) => path);
      return { kind: 'agent.status', data: { status, task, title, done, total, waitingFor, next, files } };
    }
    case 'handoff-request':
      return { kind: 'handoff.requested', data: { id: block.id, to: block.to, files: block.files } };
    case 'handoff-move':
      return { kind: `handoff.${block.move}`, data: { id: block.id, reason: block.reason } };
    case 'completion': {
      const files = block.filesModified.map(({ path }) => path);
      return { kind: 'task.done', data: { task: block.taskId, evidence: block.evidence, files } };
    }
    case 'gate':
      return { kind: 'task.gate', data: { task: block.taskId, evidence: block.evidence } };
    case 'question':
    case 'answer':
    case 'broadcast':
    case 'ack':
      return { kind: `message.${block.kind}`, data: { id: block.id, to: block.to, text: block.text } };
    case 'error-report':
      return { kind: 'task.failed', data: { task: block.taskId, error: block.error } };
    case 'ownership-request':
      return { kind: 'ownership.requested', data: { id: block.id, path: block.path, reason: block.reason } };
    case 'reassignment': {
      const { id, taskId: task, from, to, reason } = block;
      return { kind: 'task.reassigned', data: { id, task, from, to, reason } };
    }
    case 'control':
      return { kind: `control.${block.command}`, data: { id: block.id, to: block.to, reason: block.reason } };
  }
}
