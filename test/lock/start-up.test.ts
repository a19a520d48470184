import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { byCodeUnit } from '#store';
import { expect, test } from 'vitest';

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
        readonly inputs: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

const metafile = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../dist/fast/metafile.json', import.meta.url)), 'utf8'),
) as Metafile;
const outputs = Object.entries(metafile.outputs).map(
  ([path, output]) => [path.replace(/^dist\/fast\/|\.bundle\.cjs$/gu, ''), output] as const,
);

const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'squad-lock': ['cli', 'config', 'glob', 'lock', 'protocol', 'store'],
};
const BUILT_INS: Readonly<Record<string, readonly string[]>> = {
  'squad-lock': ['node:fs', 'node:os', 'node:path', 'node:url', 'node:util'],
};

test.each(outputs.filter(([name]) => name in ROOMS))('%s is made of our own rooms alone', (name, output) => {
  const inputs = Object.keys(output.inputs);
  expect(inputs.filter((path) => path.includes('node_modules'))).toEqual([]);
  expect([...new Set(inputs.map((path) => path.split('/')[1] ?? ''))].sort(byCodeUnit)).toEqual(ROOMS[name]);
});

test.each(outputs.filter(([name]) => name in BUILT_INS))(
  '%s loads at start exactly these modules',
  (name, output) => {
    const loaded = output.imports.filter(({ kind }) => kind === 'require-call').map(({ path }) => path);
    expect([...new Set(loaded)].sort()).toEqual(BUILT_INS[name]);
    const lazy = output.imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path);
    expect([...new Set(lazy)].sort()).toEqual(['#markdown', '../cli/shell/help.js']);
  },
);
