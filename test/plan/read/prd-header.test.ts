import { readDocument } from '#plan';
import { expect, test } from 'vitest';

const read = (text: string) => readDocument({ path: 'prd.md', content: text });

test('a header that is no YAML is an error at its place', () => {
  expect(read('---\ntitle: [x\n---\n# F\n## Tasks\n- write a\n').diagnostics).toMatchObject([
    { severity: 'error', code: 'YAML_INVALID', range: { start: { line: 3 } } },
  ]);
});

test('a header that is code is refused, not run', () => {
  expect(read('---js\nprocess.exit(9)\n---\n# F\n## Tasks\n- write a\n').diagnostics).toMatchObject([
    { severity: 'error', code: 'FRONT_MATTER_INVALID' },
  ]);
});

test('a title in the header names the feature', () => {
  expect(read('---\ntitle: From the header\n---\n# F\n## Tasks\n- write a\n').feature).toBe(
    'From the header',
  );
});
