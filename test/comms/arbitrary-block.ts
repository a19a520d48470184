import type { UnplacedBlock } from '#comms';
import { STATUSES } from '#protocol';
import fc from 'fast-check';

const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/gu;

// Text as it can stand in a block: what renderBlock makes of any text.
const clean = (text: string): string =>
  text
    .replace(UNPRINTABLE, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

const nasty = fc.constantFrom(
  'Status: COMPLETE',
  '## Status Update 2026-11-20T11:00:00Z',
  '- [ ] item',
  '```',
  '---',
  '**Bold:** x',
  'FILE: /etc/passwd',
  '| Status | ACTIVE |',
);
const line = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), nasty);
const text = fc
  .array(line, { minLength: 1, maxLength: 4 })
  .map((lines) => clean(lines.join('\n')))
  .filter((value) => value !== '');
const oneLine = line
  .map((value) => clean(value).replaceAll(/\s+/gu, ' ').trim())
  .filter((value) => value !== '');
const agent = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/u);
const id = fc.stringMatching(/^[HQBCR]-[0-9A-Z]{4,10}$/u);
const at = fc.option(
  fc.integer({ min: 0, max: 4_000_000_000 }).map((s) => s * 1000 + (s % 7 === 0 ? 250 : 0)),
  {
    nil: undefined,
  },
);
const segment = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 })
  .map((value) => value.replace(/[/\\]/gu, '_').normalize('NFC'))
  .filter(
    (value) => value !== '.' && value !== '..' && value.trim() === value && value.toLowerCase() !== '.git',
  );
const path = fc
  .array(segment, { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join('/'))
  .filter((value) => !/^[A-Za-z]:/u.test(value));
const note = fc.stringMatching(/^[a-z][a-z ]{0,8}[a-z]$/u);
const file = fc.record({ path, note }, { requiredKeys: ['path'] });
const taskId = fc.oneof(fc.stringMatching(/^T-\d{1,3}$/u), fc.stringMatching(/^[a-z]{1,8}-[a-z]{1,8}$/u));
const extra = fc.dictionary(fc.stringMatching(/^X-[a-z]{1,6}$/u), text, { maxKeys: 2 });
const commit = fc.stringMatching(/^[0-9a-f]{7,40}$/u);
const command = oneLine.filter((value) => !/^[`]|[`]$|exit/u.test(value));
const evidence = fc.record(
  { command, exitCode: fc.integer({ min: 0, max: 255 }), commit, tree: commit },
  { requiredKeys: ['command', 'exitCode'] },
);

function block<T>(
  required: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: object = {},
): fc.Arbitrary<UnplacedBlock> {
  const model = { author: agent, at, extra, ...required, ...optional };
  const requiredKeys = ['author', 'at', 'extra', ...Object.keys(required)] as never[];
  return fc.record(model, { requiredKeys }) as unknown as fc.Arbitrary<UnplacedBlock>;
}

const progress = fc.option(fc.tuple(fc.nat(50), fc.nat(50)), { nil: undefined });

const status = fc
  .tuple(
    block(
      {
        kind: fc.constant('status'),
        status: fc.constantFrom(...STATUSES),
        filesModified: fc.array(file, { maxLength: 3 }),
      },
      {
        taskId,
        taskTitle: oneLine,
        next: text,
        waitingFor: oneLine.filter((w) => !/^`[^`]+`$/u.test(w)),
        waitingSince: at.filter((t) => t !== undefined),
        alternative: text,
        note: text,
      },
    ),
    progress,
  )
  .map(
    ([fields, counts]) =>
      (counts === undefined ? fields : { ...fields, done: counts[0], total: counts[1] }) as UnplacedBlock,
  );

/** Any block that our tools can write. */
export const anyBlock: fc.Arbitrary<UnplacedBlock> = fc.oneof(
  status,
  block(
    {
      kind: fc.constant('handoff-request'),
      id,
      from: agent,
      to: agent,
      files: fc.array(path, { minLength: 1, maxLength: 3 }),
    },
    { state: text, notes: text },
  ),
  block(
    {
      kind: fc.constant('handoff-move'),
      id,
      move: fc.constantFrom('accepted', 'declined', 'completed', 'withdrawn', 'expired'),
    },
    { reason: text },
  ),
  block(
    {
      kind: fc.constant('completion'),
      filesModified: fc.array(file, { maxLength: 3 }),
      evidence: fc.array(evidence, { maxLength: 2 }),
    },
    { taskId, summary: text },
  ),
  block(
    { kind: fc.constant('gate'), evidence: fc.array(evidence, { minLength: 1, maxLength: 3 }) },
    { taskId },
  ),
  block(
    { kind: fc.constant('question'), id, text },
    { to: agent, respondBy: at.filter((t) => t !== undefined) },
  ),
  block({ kind: fc.constantFrom('answer', 'ack'), id, text }, { to: agent }),
  block(
    {
      kind: fc.constant('error-report'),
      error: text,
      attempts: fc.array(
        oneLine.filter((l) => !/^(?:[-*+•[]|\d{1,2}[.)])/u.test(l)),
        { maxLength: 3 },
      ),
    },
    { taskId },
  ),
  block({ kind: fc.constant('ownership-request'), id, path }, { reason: text }),
  block(
    { kind: fc.constant('control'), id, command: fc.constantFrom('pause', 'resume', 'stop'), to: agent },
    { reason: text, deadline: at.filter((t) => t !== undefined) },
  ),
  block({
    kind: fc.constant('reassignment'),
    id,
    taskId: taskId,
    from: agent,
    to: agent,
    reason: text,
    details: extra,
    extra: fc.constant({}),
  }),
);
