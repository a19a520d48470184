import {
  parseAgentId,
  parseInstant,
  parseStatus,
  printable,
  printableLine,
  rangeAt,
  renderDiagnostic,
  renderInstant,
} from '#protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each(['agent-1-frontend', 'human-ada', 'a', 'A.b_c-9'])('%j is an agent id', (text) => {
  expect(parseAgentId(text)).toEqual({ ok: true, value: text });
});

test.each(['', '../x', 'a/b', 'a..b', '.a', '-a', 'a.', 'x'.repeat(65), 'a b', 'ä', 'a\n'])(
  '%j is not an agent id',
  (text) => {
    expect(parseAgentId(text).ok).toBe(false);
  },
);

test('terminal escapes, control and bidirectional characters do not reach the terminal', () => {
  expect(printable('a\u001b[31mred\u001b[0m\u001b]0;title\u0007b\u0008\u202ec\td\ne')).toBe('aredbc\td\ne');
  expect(
    printable('a\u200bb\u200ec\u202dd\u2060e\u061cf\u{e0041}\u{e007f}g \u{1f469}\u200d\u{1f4bb} h'),
  ).toBe('abcdefg \u{1f469}\u200d\u{1f4bb} h');
  expect(printableLine('one\ntwo   three', 9)).toBe('one two …');
});

test.each([
  ['Done ✅', 'COMPLETE'],
  ['**in_progress**', 'ACTIVE'],
  ['READY', 'READY'],
  ['In Progress', 'ACTIVE'],
  ['blocked!', 'BLOCKED'],
  ['whatever', undefined],
  ['', undefined],
])('the word %j means %s', (text, status) => {
  expect(parseStatus(text)).toBe(status);
});

test.each([
  ['2026-11-20T11:00:00Z', '2026-11-20T11:00:00Z'],
  ['2026-11-20 11:00', '2026-11-20T11:00:00Z'],
  ['2026-11-20T13:00:00+02:00', '2026-11-20T11:00:00Z'],
  ['2026-11-20', '2026-11-20T00:00:00Z'],
])('the instant %s is %s', (text, instant) => {
  expect(renderInstant(parseInstant(text) ?? 0)).toBe(instant);
});

test('instants are rendered as the language does, over leap years, centuries and the edges', () => {
  const edges = [
    0, 951_782_399_999, 951_782_400_000, 4_107_542_400_000, 253_402_300_799_999, 253_402_300_800_000, -1,
  ];
  for (const ms of edges) expect(renderInstant(ms, 'milliseconds')).toBe(new Date(ms).toISOString());
  fc.assert(
    fc.property(
      fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }),
      fc.nat(253_402_300_799_999),
      (any, usual) => {
        for (const ms of [any, usual])
          expect(renderInstant(ms, 'milliseconds')).toBe(new Date(ms).toISOString());
      },
    ),
    { numRuns: 5000 },
  );
});

test.each(['yesterday', '2026-13-40T00:00:00Z', '11:00', ''])('%j is not an instant', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test('a diagnostic draws the picture', () => {
  const diagnostic = {
    severity: 'error',
    code: 'TASK_ID_DUPLICATE',
    message: 'T-01 is used twice',
    path: 'plan.md',
    range: rangeAt(2, 3, 4),
    expected: 'an id of its own',
    actual: 'T-01, also on line 1',
    hint: 'rename one',
  } as const;
  expect(renderDiagnostic(diagnostic, '- T-01 a\n- T-01 b\n')).toBe(
    [
      'plan.md:2:3 error TASK_ID_DUPLICATE T-01 is used twice',
      '  2 | - T-01 b',
      '    |   ^^^^',
      '  expected: an id of its own',
      '  found: T-01, also on line 1',
      '  hint: rename one',
    ].join('\n'),
  );
});
