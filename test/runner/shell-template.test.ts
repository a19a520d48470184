import { execFileSync } from 'node:child_process';
import { fillShellTemplate } from '#runner';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const words = (command: string): string[] =>
  execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).split('\0').slice(0, -1);

test('a value stays one word, wherever the placeholder stands', () => {
  const templates = ["printf '%s\\0' {file}", "printf '%s\\0' '{file}'", `printf '%s\\0' "{file}"`];
  const value = fc.string({ unit: fc.constantFrom(...'a \'"$`\\;|&*?{}()\n!~#-'.split('')) });
  fc.assert(
    fc.property(fc.constantFrom(...templates), value, (template, file) => {
      expect(words(fillShellTemplate(template, { file }))).toEqual([file]);
    }),
    { numRuns: 60 },
  );
});

test('braces that are no placeholder stay as the person wrote them', () => {
  expect(fillShellTemplate('find . -exec cat {} \\; ; echo ${HOME} {a,b} {other}', { file: 'x' })).toBe(
    'find . -exec cat {} \\; ; echo ${HOME} {a,b} {other}',
  );
});
