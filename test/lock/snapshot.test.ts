import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks, type Locks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, performFileStep, randomBytes, systemClock, type FileStep } from '#store';
import { realWorld } from '#lock/engine';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const newId = createIdSource(() => Date.now(), randomBytes);

/** A command of its own: it starts cold, and tells which slots it read. */
function command(squadDir: string, steps: FileStep[] = []): Locks {
  const ports = { store: createNodeStore(), squadDir, clock: systemClock, newId };
  const world = realWorld({
    ...ports,
    performFile: (step) => {
      steps.push(step);
      return performFileStep(step);
    },
  });
  return openLocks({ ...ports, world }, { ttlMs: 60_000, maxHoldMs: 3_600_000, isBrief: true });
}

function take(squadDir: string, count: number): void {
  for (let index = 0; index < count; index += 1)
    command(squadDir).acquire({ agent: `agent-${index}`, resources: [{ name: `src/${index}.ts` }] });
}

function slotPath(squadDir: string, slot: string): string {
  return join(squadDir, 'locks', '.log', 'e000001', slot);
}

/** Slots that a command reads to tell who holds what, and how many leases it finds. */
function seen(squadDir: string): { readonly slots: readonly string[]; readonly held: number } {
  const steps: FileStep[] = [];
  const held = command(squadDir, steps).table().leases.length;
  const slots = steps.flatMap((step) =>
    step.kind === 'read' ? (/e000001.(\d{8})$/u.exec(step.path)?.[1] ?? []) : [],
  );
  return { slots: slots.map((slot) => slot.slice(-1)), held };
}

test('a command starts from the state behind the newest record', () => {
  const squadDir = testdir();
  take(squadDir, 6);
  // The newest, the one that it builds on, the next, which is missing, and once more the newest as proof.
  expect(seen(squadDir)).toEqual({ slots: ['6', '5', '7', '6'], held: 6 });
});

test('the first record of a log keeps its state too, which builds on the base', () => {
  const squadDir = testdir();
  take(squadDir, 1);
  expect(seen(squadDir)).toEqual({ slots: ['1', '0', '2', '1'], held: 1 });
});

test('behind a record of a program that stays the one before is looked at', () => {
  const squadDir = testdir();
  take(squadDir, 5);
  const ports = { store: createNodeStore(), squadDir, clock: systemClock, newId };
  const program = openLocks(ports, { ttlMs: 60_000, maxHoldMs: 3_600_000 });
  program.acquire({ agent: 'z', resources: [{ name: 'z.ts' }] });
  expect(seen(squadDir)).toEqual({ slots: ['6', '5', '4', '6', '7', '5'], held: 6 });
  program.close();
});

test.each([
  ['is torn', (text: string) => text.slice(0, -20)],
  ['is of another boot', (text: string) => text.replace(/^(\S+=\d+ \d+) \S+$/mu, '$1 another-boot')],
  ['builds on another record', (text: string) => text.replace('"agent":"agent-4"', '"agent":"agent-x"')],
  ['is of a later format', (text: string) => text.replace('{"v":1,"position"', '{"v":2,"position"')],
])('a state that %s is passed over', (_what, spoil) => {
  const squadDir = testdir();
  take(squadDir, 6);
  const path = slotPath(squadDir, '00000006');
  const text = readFileSync(path, 'utf8');
  const spoilt = spoil(text);
  expect(spoilt).not.toBe(text);
  rmSync(path);
  writeFileSync(path, spoilt);
  const { slots, held } = seen(squadDir);
  expect([slots.at(-1), held]).toEqual(['5', 6]);
});

test('of a large table a command leaves what differs from the base', () => {
  const squadDir = testdir();
  const held = Array.from({ length: 60 }, (_, index) => ({ name: `src/${index}.ts` }));
  command(squadDir).acquire({ agent: 'holder', resources: held });
  // Until the epoch has rolled: the sixty stand in the next one's base.
  for (let turn = 0; turn < 15; turn += 1) {
    command(squadDir).acquire({ agent: 'other', resources: [{ name: 'other.ts' }] });
    command(squadDir).release({ agent: 'other', all: true });
  }
  const inSecond = (slot: string): string => slotPath(squadDir, slot).replace('e000001', 'e000002');
  command(squadDir).acquire({ agent: 'a', resources: [{ name: 'a.ts' }] });
  command(squadDir).release({ agent: 'holder', resources: ['src/7.ts'] });
  command(squadDir).acquire({ agent: 'b', resources: [{ name: 'b.ts' }] });
  const newest =
    readdirSync(join(squadDir, 'locks', '.log', 'e000002'))
      .sort()
      .at(-1) ?? '';
  const text = readFileSync(inSecond(newest), 'utf8');
  expect(text.split('\n')[1]).toMatch(/^2\/\d+\+\d+ \d+ \S+$/u);
  expect(text.length).toBeLessThan(3000);
  const steps: FileStep[] = [];
  const locks = command(squadDir, steps);
  const paths = locks.table().leases.map(({ resource }) => resource);
  const expected = [...held.map(({ name }) => name).filter((name) => name !== 'src/7.ts'), 'a.ts', 'b.ts'];
  expect(paths.toSorted()).toEqual(expected.toSorted());
  const read = steps.flatMap((step) =>
    step.kind === 'read' ? (/\/(\d{8})$/u.exec(step.path)?.[1] ?? []) : [],
  );
  const slot = Number(newest);
  expect(read.map(Number)).toEqual([slot, slot - 1, 0, slot + 1, slot]);
  // Folded from the base it is the same.
  rmSync(inSecond(newest));
  writeFileSync(inSecond(newest), `${text.split('\n')[0]}\n`);
  expect(
    command(squadDir)
      .table()
      .leases.map(({ resource, token }) => [resource, token]),
  ).toEqual(locks.table().leases.map(({ resource, token }) => [resource, token]));
});

test('a table too large to be written behind every record is not', () => {
  const squadDir = testdir();
  const resources = Array.from({ length: 60 }, (_, index) => ({ name: `src/${index}.ts` }));
  command(squadDir).acquire({ agent: 'a', resources });
  command(squadDir).acquire({ agent: 'b', resources: [{ name: 'b.ts' }] });
  expect(readFileSync(slotPath(squadDir, '00000002'), 'utf8').split('\n').length).toBe(2);
  expect(readdirSync(join(squadDir, 'locks', '.log', 'tmp'))).toEqual([]);
  expect(seen(squadDir).held).toBe(61);
});
