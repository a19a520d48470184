import type { CompletionBlock, ErrorReportBlock, Evidence, GateBlock } from '#protocol';
import { parseEvidence } from './evidence-item.ts';
import { withoutBullet } from './field-line.ts';
import type { FieldReader } from './field-reader.ts';
import { readFilesModified, readTask } from './shared-fields.ts';

/** `## Completion Report`; evidence without an exit code stays text. */
export function decodeCompletion(fields: FieldReader): CompletionBlock {
  const { taskId, taskTitle } = readTask(fields, 'task');
  const summary = fields.text('summary') ?? fields.prose() ?? taskTitle;
  return {
    kind: 'completion',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    ...(taskId === undefined ? {} : { taskId }),
    ...(summary === undefined ? {} : { summary }),
    filesModified: readFilesModified(fields),
    evidence: readEvidence(fields),
    extra: fields.extra(),
  };
}

/** `## Gate Result`. */
export function decodeGate(fields: FieldReader): GateBlock {
  const { taskId } = readTask(fields, 'task');
  return {
    kind: 'gate',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    ...(taskId === undefined ? {} : { taskId }),
    evidence: readEvidence(fields),
    extra: fields.extra(),
  };
}

function readEvidence(fields: FieldReader): readonly Evidence[] {
  const evidence = fields.lines('evidence').map(parseEvidence);
  if (evidence.includes(undefined)) fields.keep('evidence', 'exit <code>, commit <hash>: <command>');
  return evidence.filter((item) => item !== undefined);
}

/** `## Error Report`. */
export function decodeErrorReport(fields: FieldReader): ErrorReportBlock | undefined {
  const { taskId } = readTask(fields, 'task');
  const error = fields.text('error') ?? fields.prose();
  if (error === undefined) {
    fields.problem({ severity: 'error', message: 'an error report without an error', expected: 'Error' });
    return undefined;
  }
  return {
    kind: 'error-report',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    ...(taskId === undefined ? {} : { taskId }),
    error,
    attempts: fields
      .lines('attempted fixes')
      .map(withoutBullet)
      .filter((line) => line !== ''),
    extra: fields.extra(),
  };
}
