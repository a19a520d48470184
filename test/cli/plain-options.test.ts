import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OptionSpec } from '../../packages/cli/src/shell/command.ts';
import { readPlainOptions } from '../../packages/cli/src/shell/plain-options.ts';

const SPECS: Readonly<Record<string, OptionSpec>> = {
  all: { kind: 'flag', summary: '' },
  help: { kind: 'flag', short: 'h', summary: '' },
  ttl: { kind: 'value', summary: '' },
  agent: { kind: 'value', short: 'a', summary: '' },
  only: { kind: 'list', summary: '' },
};

function readByNode(words: readonly string[]): unknown {
  const options = Object.fromEntries(
    Object.entries(SPECS).map(([name, { kind, short }]) => [
      name,
      {
        type: kind === 'flag' ? 'boolean' : 'string',
        multiple: kind === 'list',
        ...(short === undefined ? {} : { short }),
      } as const,
    ]),
  );
  const { values, positionals } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: true,
  });
  return { values: { ...values }, positionals };
}

test('a plain line is read as node reads it', () => {
  const words = ['src/a.ts', '--ttl', '10m', '--all', '--only=a=b', '', '--only', 'c', '--agent=', 'b.ts'];
  expect(readPlainOptions(SPECS, words)).toEqual({
    values: { ttl: '10m', all: true, only: ['a=b', 'c'], agent: '' },
    positionals: ['src/a.ts', '', 'b.ts'],
  });
});

test.each([
  ['an option nobody has', ['--nope']],
  ['a name that every object has', ['--constructor']],
  ['a value for a flag', ['--all=yes']],
  ['a value that is missing', ['--ttl']],
  ['a value that begins with a dash', ['--ttl', '-5m']],
  ['short options', ['-h']],
  ['a lone dash', ['-']],
  ['the end of options', ['--', 'x']],
])('%s is left to node', (_, words) => {
  expect(readPlainOptions(SPECS, words)).toBeUndefined();
});

test('any line that is read at all is read as node reads it', () => {
  const name = fc.constantFrom(...Object.keys(SPECS), 'nope', 'no-all', '__proto__', '');
  const text = fc.constantFrom('', 'a', 'a b', '-', '-x', '--', '=', 'ü', '__proto__');
  const word = fc.oneof(
    text,
    name.map((each) => `--${each}`),
    fc.tuple(name, text).map(([each, value]) => `--${each}=${value}`),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const read = readPlainOptions(SPECS, words);
      if (read !== undefined) expect(read).toEqual(readByNode(words));
    }),
    { numRuns: 2000 },
  );
});
