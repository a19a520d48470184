import { parseFrontMatter, parseYaml, renderFrontMatter } from '#markdown';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('splits header and body, with the line on which the body begins', () => {
  expect(parseFrontMatter('---\ntitle: A\n---\n\n# Head\n', 'a.md')).toEqual({
    ok: true,
    value: { data: { title: 'A' }, body: '\n# Head\n', bodyLine: 4 },
  });
});

test('a document without a header is all body', () => {
  expect(parseFrontMatter('# Head\n', 'a.md')).toEqual({
    ok: true,
    value: { data: undefined, body: '# Head\n', bodyLine: 1 },
  });
});

test.each(['js', 'javascript', 'coffee', 'json', 'toml', ' js'])(
  'code in a ---%s header is never run',
  (language) => {
    const global = globalThis as { ran?: boolean };
    const result = parseFrontMatter(`---${language}\nglobalThis.ran = true\n---\nbody\n`, 'evil.md');
    expect(result.ok).toBe(false);
    expect(global.ran).toBeUndefined();
  },
);

test('times, octal look-alikes and version numbers stay what they look like', () => {
  expect(parseYaml('at: 12:30\nid: 010\nversion: 1.10\nyes: no\n', 'a.yaml')).toEqual({
    ok: true,
    value: { at: '12:30', id: 10, version: 1.1, yes: 'no' },
  });
});

test('a YAML error bears its place in the whole document', () => {
  expect(parseFrontMatter('---\ntitle: A\nbad: [1\n---\nbody\n', 'a.md')).toMatchObject({
    ok: false,
    error: [{ code: 'YAML_INVALID', path: 'a.md', range: { start: { line: 4 } } }],
  });
});

test('a YAML bomb is refused by its aliases', () => {
  const levels = Array.from(
    { length: 20 },
    (_, n) => `l${n}: &l${n} [${Array.from({ length: 9 }, () => (n === 0 ? 'x' : `*l${n - 1}`)).join(', ')}]`,
  );
  expect(parseYaml(levels.join('\n'), 'bomb.yaml')).toMatchObject({
    ok: false,
    error: [{ code: 'YAML_INVALID' }],
  });
});

test('CRLF and a byte-order mark are accepted', () => {
  expect(parseFrontMatter('\uFEFF---\r\ntitle: A\r\n---\r\nbody\r\n', 'a.md')).toMatchObject({
    ok: true,
    value: { data: { title: 'A' }, body: 'body\n' },
  });
});

test('what is rendered is read back', () => {
  const header = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 12 }).filter((key) => key !== '__proto__'),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 })),
  );
  fc.assert(
    fc.property(header, (data) => {
      const read = parseFrontMatter(renderFrontMatter(data, '# Body'), 'a.md');
      expect(read).toMatchObject({ ok: true, value: { body: '\n# Body\n' } });
      if (read.ok) expect(read.value.data).toEqual({ ...data });
    }),
    { numRuns: 500 },
  );
});
