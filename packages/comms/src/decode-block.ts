import { STATUSES, type CommBlock, type StatusBlock } from '#protocol';
import { decodeAnnouncement } from './decode-announcement.ts';
import { decodeControl, decodeReassignment } from './decode-command.ts';
import { decodeHandoffMove, decodeHandoffRequest, decodeOwnershipRequest } from './decode-handoff.ts';
import { decodeCompletion, decodeErrorReport, decodeGate } from './decode-result.ts';
import type { FieldReader } from './field-reader.ts';
import { readStatusWord } from './status-word.ts';
import { readFilesModified, readTask } from './shared-fields.ts';

/** One decoder per kind of block; `undefined` after a diagnostic when a needed field is missing. */
export const DECODERS: Readonly<Record<CommBlock['kind'], (fields: FieldReader) => CommBlock | undefined>> = {
  status: decodeStatus,
  'handoff-request': decodeHandoffRequest,
  'handoff-move': decodeHandoffMove,
  completion: decodeCompletion,
  gate: decodeGate,
  question: decodeAnnouncement,
  answer: decodeAnnouncement,
  broadcast: decodeAnnouncement,
  ack: decodeAnnouncement,
  'error-report': decodeErrorReport,
  'ownership-request': decodeOwnershipRequest,
  reassignment: decodeReassignment,
  control: decodeControl,
};

function decodeStatus(fields: FieldReader): StatusBlock | undefined {
  const word = fields.word('status');
  const status = word === undefined ? undefined : readStatusWord(word);
  if (status === undefined) {
    fields.problem({
      severity: 'error',
      message: word === undefined ? 'a status update without a status' : 'this is no status',
      expected: STATUSES.join(' | '),
      ...(word === undefined ? {} : { actual: word.slice(0, 80) }),
      hint: 'write a line like: Status: ACTIVE',
    });
    return undefined;
  }
  const waitingFor = fields.word('waiting for');
  const waitingSince = fields.instant('waiting since');
  const next = fields.text('next');
  const alternative = fields.text('alternative');
  const note = fields.text('note') ?? fields.prose();
  return {
    kind: 'status',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    status,
    ...readTask(fields, 'current task'),
    filesModified: readFilesModified(fields),
    ...readProgress(fields),
    ...(next === undefined ? {} : { next }),
    ...(waitingFor === undefined ? {} : { waitingFor: plainPath(waitingFor) }),
    ...(waitingSince === undefined ? {} : { waitingSince }),
    ...(alternative === undefined ? {} : { alternative }),
    ...(note === undefined ? {} : { note }),
    extra: fields.extra(),
  };
}

function readProgress(fields: FieldReader): { done?: number; total?: number } {
  const text = fields.word('progress');
  if (text === undefined) return {};
  const [, done, total] = /(\d+)\s*(?:\/|of|out of)\s*(\d+)/iu.exec(text) ?? [];
  if (done !== undefined && total !== undefined) return { done: Number(done), total: Number(total) };
  const percent = /(\d+(?:\.\d+)?)\s*%/u.exec(text)?.[1];
  if (percent !== undefined) return { done: Math.round(Number(percent)), total: 100 };
  fields.keep('progress', '3/5 or 60%');
  return {};
}

function plainPath(text: string): string {
  return text.replace(/^`([^`]+)`$/u, '$1');
}
