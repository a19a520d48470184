import { expect, test } from 'vitest';
import { parseYaml } from '#markdown';

test.each([
  ['paths:\n  *: {owner: a}\n', 2, 3, '*'],
  ['paths:\n  *.ts:\n    owner: a\n', 2, 3, '*.ts'],
  ['- **/x.ts\n', 1, 3, '**/x.ts'],
  ['a: @me\n', 1, 4, '@me'],
  ['a: [1, *]\n', 1, 8, '*'],
])('%j: a sign without quotes is shown where it stands, with the cure', (text, line, column, token) => {
  expect(parseYaml(text, 'x.yaml')).toEqual({
    ok: false,
    error: [
      {
        severity: 'error',
        code: 'YAML_INVALID',
        message: `"${token}" begins with a sign of YAML's own`,
        path: 'x.yaml',
        range: { start: { line, column }, end: { line, column: column + token.length } },
        hint: `put it in quotes: '${token}'`,
      },
    ],
  });
});

test('any other problem keeps its own words; an anchor that exists is no problem', () => {
  const broken = parseYaml('{a: 1', 'x.yaml');
  expect(broken.ok ? [] : broken.error.map(({ message }) => message)).toEqual([
    'unexpected end of the stream within a flow collection',
  ]);
  expect(parseYaml('a: &b 1\nc: *b\n', 'x.yaml')).toEqual({ ok: true, value: { a: 1, c: 1 } });
});
