import type { HandoffMoveBlock, HandoffRequestBlock, OwnershipRequestBlock } from '#protocol';
import type { FieldReader } from './field-reader.ts';
import { readPaths } from './shared-fields.ts';

/** `## Handoff Request`; needs `TO` and at least one `FILE`. */
export function decodeHandoffRequest(fields: FieldReader): HandoffRequestBlock | undefined {
  const id = fields.id('H');
  const to = fields.word('to');
  const files = readPaths(fields, 'files');
  if (to === undefined || files.length === 0) {
    fields.problem({
      severity: 'error',
      message: `a handoff request without ${to === undefined ? 'TO' : 'FILE'}`,
      expected: 'ID, FROM, TO, FILE',
      hint: 'squad-comms handoff <to> --file <path> --notes "…"',
    });
    return undefined;
  }
  const state = fields.text('status');
  const notes = fields.text('notes') ?? fields.prose();
  return {
    kind: 'handoff-request',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    id,
    from: bareName(fields.word('from') ?? fields.author),
    to: bareName(to),
    files,
    ...(state === undefined ? {} : { state }),
    ...(notes === undefined ? {} : { notes }),
    extra: fields.extra(),
  };
}

/** `## Handoff Accepted` and the other moves; needs `ID`, or `FILE` where a person left the id out. */
export function decodeHandoffMove(fields: FieldReader): HandoffMoveBlock | undefined {
  const { move } = fields.raw;
  const files = readPaths(fields, 'files');
  const id = fields.word('id') === undefined ? '' : fields.id('H');
  if (move === undefined || (id === '' && files.length === 0)) {
    fields.problem({
      severity: 'error',
      message: `a handoff ${move ?? 'answer'} without ID`,
      expected: 'the ID of the request',
    });
    return undefined;
  }
  const reason = fields.text('reason') ?? fields.prose();
  return {
    kind: 'handoff-move',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    move,
    id,
    ...(files.length === 0 ? {} : { files }),
    ...(reason === undefined ? {} : { reason }),
    extra: fields.extra(),
  };
}

/** `## Ownership Request`; needs a path. */
export function decodeOwnershipRequest(fields: FieldReader): OwnershipRequestBlock | undefined {
  const [path] = readPaths(fields, 'path');
  if (path === undefined) {
    fields.problem({ severity: 'error', message: 'an ownership request without a path', expected: 'Path' });
    return undefined;
  }
  const reason = fields.text('reason') ?? fields.prose();
  return {
    kind: 'ownership-request',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    id: fields.id('O'),
    path,
    ...(reason === undefined ? {} : { reason }),
    extra: fields.extra(),
  };
}

/** An agent's name without a mention's `@`, backticks or emphasis. */
export function bareName(text: string): string {
  return text.replace(/^[@`*_\s]+|[`*\s]+$/gu, '');
}
