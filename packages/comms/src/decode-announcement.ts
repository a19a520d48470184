import type { MessageBlock } from '#protocol';
import type { FieldReader } from './field-reader.ts';
import { bareName } from './decode-handoff.ts';

/** `## Question`, `## Answer`, `## Broadcast`, `## Ack`; the last two kinds of reply bear the id of what they answer. */
export function decodeAnnouncement(fields: FieldReader): MessageBlock | undefined {
  const { kind } = fields.raw;
  if (kind !== 'question' && kind !== 'answer' && kind !== 'broadcast' && kind !== 'ack') return undefined;
  const isReply = kind === 'answer' || kind === 'ack';
  const id = isReply && fields.word('id') === undefined ? '' : fields.id(kind === 'question' ? 'Q' : 'B');
  const to = fields.word('to');
  const text = fields.text('text') ?? fields.prose() ?? '';
  if (isReply ? id === '' && to === undefined : text === '') {
    fields.problem({
      severity: 'error',
      message: isReply ? `an ${kind} without ID` : `a ${kind} without text`,
      expected: isReply ? 'the ID of what is answered' : 'Text',
    });
    return undefined;
  }
  const respondBy = fields.instant('respond by');
  return {
    kind,
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    id,
    ...(to === undefined ? {} : { to: bareName(to) }),
    text,
    ...(respondBy === undefined ? {} : { respondBy }),
    extra: fields.extra(),
  };
}
