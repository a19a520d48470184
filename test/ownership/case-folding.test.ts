import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { foldText, matches } from '#glob';
import {
  compileMatrix,
  findAmbiguities,
  judgeWrite,
  parseOwnership,
  readOwnership,
  resolveOwner,
  type CompiledMatrix,
} from '#ownership';
import { createNodeStore } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const text = `/Frontend: { owner: a, access: EXCLUSIVE }
/frontend/API: { owner: b, access: EXCLUSIVE }
/src/**/*.CSS: { owner: c, access: EXCLUSIVE, except: [/SRC/Legacy] }
/stra\u00dfe: { owner: d, access: EXCLUSIVE }
/caf\u00c9: { owner: e, access: EXCLUSIVE }
/CHANGELOG.d: { owner: NONE, access: PARTITIONED, fragments: "<agent>-*.md" }
`;
const folded = async (): Promise<CompiledMatrix> => {
  const parsed = await parseOwnership(text, 'ownership.yaml');
  if (!parsed.ok) throw new Error('unreadable');
  return compileMatrix(parsed.value, text, { foldCase: true });
};

test.each([
  ['frontend/a.ts', 'a'],
  ['FRONTEND/x/a.ts', 'a'],
  ['FrontEnd/api/a.ts', 'b'],
  ['SRC/x/a.css', 'c'],
  ['src/legacy/a.css', 'NONE'],
  // Simple folding: \u00df and SS are two names, \u00df and \u1e9e one.
  ['STRA\u1e9eE/a.ts', 'd'],
  ['strasse/a.ts', 'NONE'],
  ['CAFE\u0301/a.ts', 'e'],
  ['cafe\u0301/a.ts', 'e'],
])('%s is the path of %s', async (path, owner) => {
  expect(resolveOwner(await folded(), path)).toMatchObject({ rule: { owner } });
});

test('a fragment is its agent\u2019s in any spelling, rules disagree in any, and nothing else changes', async () => {
  const matrix = await folded();
  const write = (path: string): string =>
    judgeWrite(matrix, { path, actor: { agent: 'alice', roles: [] } }).kind;
  expect(['changelog.D/ALICE-1.MD', 'Changelog.d/Bob-1.md'].map(write)).toEqual(['allowed', 'refused']);
  expect(findAmbiguities(matrix)).toEqual([]);
  const twice = '/A/*.ts: { owner: a, access: EXCLUSIVE }\n/a/X.*: { owner: b, access: EXCLUSIVE }\n';
  const parsed = await parseOwnership(twice, 'x');
  if (!parsed.ok) throw new Error('unreadable');
  expect(findAmbiguities(compileMatrix(parsed.value, twice))).toEqual([]);
  const [both] = findAmbiguities(compileMatrix(parsed.value, twice, { foldCase: true }));
  expect(both?.witness.toLowerCase()).toBe('a/x.ts');
});

test('the disk says whether it does, and a twin made for another is not used', async () => {
  const squadDir = testdir({ 'ownership.yaml': '/Src: { owner: a, access: EXCLUSIVE }\n' });
  const store = createNodeStore();
  const ownerOf = async (path: string): Promise<string> => {
    const found = resolveOwner(await readOwnership(store, squadDir), path);
    return found.kind === 'ambiguous' ? '' : found.rule.owner;
  };
  const folds = existsSync(join(squadDir, 'OWNERSHIP.YAML'));
  expect(await ownerOf('src/a.ts')).toBe(folds ? 'a' : 'NONE');
  // As a file system that folds would answer.
  writeFileSync(join(squadDir, 'OWNERSHIP.YAML'), readFileSync(join(squadDir, 'ownership.yaml')));
  expect(await ownerOf('src/a.ts')).toBe('a');
  expect(await ownerOf('SRC/a.ts')).toBe('a');
});

test('two names are one exactly when they fold to one text', () => {
  const letter = fc.constantFrom(...Array.from('aAbKkſsSςσΣßẞıiİIéÉDžDŽǆ'));
  const name = fc.array(letter, { minLength: 1, maxLength: 3 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(name, name, (a, b) => {
      const [x, y] = [a.normalize('NFC'), b.normalize('NFC')];
      expect(matches(`${x}.ts`, `${y}.ts`, { foldCase: true })).toBe(foldText(x) === foldText(y));
    }),
    { numRuns: 2000 },
  );
});
