import { toSarif } from '#plan';
import { renderSarif } from '#runner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sarifOf } from '../support/sarif.ts';

const VALID = { version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [] }] };

test.each([
  ['no version', { runs: [] }],
  ['another version', { version: '2.0.0', runs: [] }],
  ['a misspelt property', { ...VALID, run: [] }],
  ['a tool without a name', { version: '2.1.0', runs: [{ tool: { driver: {} }, results: [] }] }],
  ['a result without a message', { ...VALID, runs: [{ ...VALID.runs[0], results: [{}] }] }],
  [
    'a level of its own',
    { ...VALID, runs: [{ ...VALID.runs[0], results: [{ message: { text: 'x' }, level: 'info' }] }] },
  ],
  [
    'a rule that is not there',
    { ...VALID, runs: [{ ...VALID.runs[0], results: [{ message: { text: 'x' }, ruleId: 'r' }] }] },
  ],
])('the standard refuses %s', (_, log) => {
  expect(() => sarifOf(JSON.stringify(log))).toThrow('not SARIF');
  expect(sarifOf(JSON.stringify(VALID)).runs).toHaveLength(1);
});

// A name may hold what a URI or a terminal gives a meaning to.
const path = fc
  .array(fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map((part) => part.replaceAll('/', '-')).join('/'));
const line = fc.integer({ min: 1, max: 99 });

test('whatever is found, the log of a document check is SARIF', () => {
  const place = fc.tuple(line, line, fc.nat(9), fc.nat(9)).map(([start, column, lines, columns]) => ({
    start: { line: start, column },
    end: { line: start + lines, column: column + columns },
  }));
  const diagnostic = fc.record(
    {
      severity: fc.constantFrom('error', 'warning', 'info'),
      code: fc.constantFrom('FILE_TWO_WRITERS', 'NO_TASKS', 'TASK_CYCLE'),
      message: fc.string({ minLength: 1 }).map((text) => `m${text}`),
      path,
      range: place,
      hint: fc.string(),
    },
    { requiredKeys: ['severity', 'code', 'message', 'path'] },
  );
  fc.assert(
    fc.property(fc.array(diagnostic), (diagnostics) => {
      const { runs } = sarifOf(JSON.stringify(toSarif(diagnostics)));
      const found = runs[0]?.results.map(({ locations }) =>
        decodeURIComponent(locations?.[0]?.physicalLocation.artifactLocation.uri ?? ''),
      );
      expect(found).toEqual(diagnostics.map((each) => each.path));
    }),
  );
});

test('whatever lenses find, their log is SARIF', () => {
  const finding = fc.record(
    {
      severity: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
      rule: fc.constantFrom('injection', 'naming'),
      message: fc.string().map((text) => `m${text}`),
      by: fc.constant(['style']),
      path,
      line,
    },
    { requiredKeys: ['severity', 'rule', 'message', 'by'] },
  );
  fc.assert(
    fc.property(fc.array(finding), (findings) => {
      const { runs } = sarifOf(renderSarif(findings, { name: 'x', version: '1' }));
      const found = runs[0]?.results.map(({ locations }) => locations?.[0]?.physicalLocation);
      expect(found?.map((each) => each && decodeURIComponent(each.artifactLocation.uri))).toEqual(
        findings.map((each) => each.path),
      );
    }),
  );
});
