import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function referencesOf(name: string): readonly string[] {
  const text = readFileSync(join(root, 'packages', name, 'tsconfig.json'), 'utf8');
  return (JSON.parse(text) as { references: { path: string }[] }).references.map(({ path }) =>
    path.replace('../', ''),
  );
}

const packages = readdirSync(join(root, 'packages'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test('tsc -b refuses an import that climbs the floors', () => {
  const copy = testdir();
  for (const name of ['package.json', 'packages'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const compile = (): string =>
    spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/lock'], {
      cwd: copy,
      encoding: 'utf8',
    }).stdout;
  expect(compile()).toBe('');
  writeFileSync(join(copy, 'packages/lock/src/climbing.ts'), "export type { Config } from '#config';\n");
  expect(compile()).toMatch(/error TS(?:6059|6307)/u);
});

test('the floors have no cycle, and services of one floor do not know one another', () => {
  const depth = (name: string, above: readonly string[] = []): number => {
    expect(above).not.toContain(name);
    return 1 + Math.max(0, ...referencesOf(name).map((below) => depth(below, [...above, name])));
  };
  for (const name of packages) expect(depth(name)).toBeLessThan(10);
  const services = ['config', 'lock', 'ownership', 'comms', 'plan', 'worktree'];
  for (const name of services)
    expect(referencesOf(name).filter((below) => services.includes(below))).toEqual([]);
});
