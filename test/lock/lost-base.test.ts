import { readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, hashText, randomBytes, systemClock } from '#store';
import { expect, onTestFinished, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { callGuard, editOf } from '../support/guarded.ts';
import { ownedRepository, writeFiles } from '../support/owned-repository.ts';
import { gitIn } from '../support/repository.ts';

type Run = (agent: string, ...words: readonly string[]) => Promise<BinResult>;

const FILE = 'shared/types.ts';
const BASE = hashText('types\n');
const PRESENT = hashText('other\n');
const CHANGED = `changed since that lease was granted: it was ${BASE}, it is ${PRESENT} now`;

function repository(): { readonly root: string; readonly lock: Run } {
  const root = ownedRepository();
  const lock: Run = (agent, ...words) => runBin('squad-lock', words, { cwd: root, env: { AGENT_ID: agent } });
  return { root, lock };
}

async function verified(run: Run, path = FILE): Promise<unknown> {
  return JSON.parse((await run('agent-1', 'verify', path, '--json')).stdout);
}

function keptBases(root: string): readonly string[] {
  const folder = join(root, '.squad/.run/base');
  return readdirSync(folder).flatMap((checkout) => readdirSync(join(folder, checkout)));
}

test('every refusal of a lost lease names the file’s base and what it is now', async () => {
  const { root, lock } = repository();
  await lock('agent-1', 'acquire', FILE);
  expect((await lock('agent-2', 'break', FILE, '--reason', 'needed now')).code).toBe(0);
  // Nobody holds it now, and nothing changed: it is refused, and nothing is claimed.
  expect(await verified(lock)).toEqual({
    kind: 'invalid',
    why: 'broken',
    message: `your lease on ${FILE} was broken by agent-2`,
    path: FILE,
  });
  writeFiles(root, { [FILE]: 'other\n' });
  expect(await verified(lock)).toMatchObject({ changed: { base: BASE, present: PRESENT } });
  expect((await lock('agent-1', 'verify', FILE)).stdout).toBe(
    [
      `not valid: your lease on ${FILE} was broken by agent-2`,
      `  ${FILE} ${CHANGED}`,
      `  squad-lock acquire ${FILE}`,
      '',
    ].join('\n'),
  );
  const edit = { root, as: 'agent-1', client: 'codex', input: editOf(join(root, FILE)) };
  expect((await callGuard(edit)).stderr).toBe(
    [
      `squad: ${FILE} is not yours to write any more: your lease on ${FILE} was broken by agent-2 (token 1); it ${CHANGED}.`,
      `  look at it again, then take it: squad-lock acquire ${FILE} --agent agent-1`,
      '',
    ].join('\n'),
  );
  gitIn(root, 'add', '--all');
  const check = await runBin('squad-own', ['check', '--staged', '--json'], {
    cwd: root,
    env: { AGENT_ID: 'agent-1' },
  });
  expect(check.code).toBe(1);
  expect(JSON.parse(check.stdout)).toMatchObject({
    findings: [{ path: FILE, reason: 'not-leased', changed: { base: BASE, present: PRESENT } }],
  });
  await lock('agent-2', 'acquire', FILE);
  expect((await callGuard(edit)).stderr).toContain(`left; it ${CHANGED}.\n`);
  await lock('agent-2', 'release', FILE);
  const hook = await runBin('squad-own', ['check', '--staged'], {
    cwd: root,
    env: { AGENT_ID: 'agent-1' },
  });
  expect(hook.stdout).toContain(
    `agent-2 held it since (token 2): look at what changed first; the file ${CHANGED}\n`,
  );
  // It looked and took it again: now all let it through.
  expect((await lock('agent-1', 'acquire', FILE)).stderr).toMatch(
    /^warning: your lease on shared\/types\.ts/u,
  );
  expect((await callGuard(edit)).code).toBe(0);
});

test('what nobody observed is not claimed: links, folders, large files, other checkouts', async () => {
  const { root, lock } = repository();
  writeFiles(root, { 'shared/large.bin': 'x'.repeat(1_048_577) });
  symlinkSync('types.ts', join(root, 'shared/link.ts'));
  const linked = join(root, '..', `linked ${Date.now()}`);
  gitIn(root, 'worktree', 'add', '--quiet', '-b', 'linked', linked);
  await lock('agent-1', 'acquire', FILE, 'shared/large.bin', 'backend/', 'op:git');
  expect(keptBases(root)).toEqual(['1.shared~1types.ts']);
  await lock('agent-2', 'break', FILE, '--reason', 'x');
  writeFiles(root, { [FILE]: 'other\n' });
  const elsewhere = await runBin('squad-lock', ['verify', FILE, '--json'], {
    cwd: linked,
    env: { AGENT_ID: 'agent-1' },
  });
  rmSync(linked, { recursive: true });
  expect(JSON.parse(elsewhere.stdout)).not.toHaveProperty('changed');
  expect(await verified(lock)).toHaveProperty('changed');
});

test('a file that was not there, and one that is gone', async () => {
  const { root, lock } = repository();
  await lock('agent-1', 'acquire', 'shared/new.ts', FILE);
  await lock('agent-2', 'break', 'shared/new.ts', '--reason', 'x');
  await lock('agent-2', 'break', FILE, '--reason', 'x');
  expect(await verified(lock, 'shared/new.ts')).not.toHaveProperty('changed');
  writeFiles(root, { 'shared/new.ts': 'other\n' });
  rmSync(join(root, FILE));
  expect(await verified(lock, 'shared/new.ts')).toMatchObject({ changed: { base: null, present: PRESENT } });
  expect(await verified(lock)).toMatchObject({ changed: { base: BASE, present: null } });
});

test('a base is kept from the grant on, not from the question, and as long as it can be asked for', async () => {
  const { root, lock } = repository();
  await lock('agent-2', 'acquire', FILE);
  const waiting = lock('agent-1', 'acquire', FILE, '--wait', '60s');
  for (let tries = 0; tries < 200; tries += 1) {
    const { stdout } = await lock('agent-2', 'list', '--waiting', '--json');
    if (stdout.includes('agent-1')) break;
  }
  writeFiles(root, { [FILE]: 'written by agent-2\n' });
  await lock('agent-2', 'release', FILE);
  expect((await waiting).code).toBe(0);
  await lock('agent-1', 'acquire', FILE);
  writeFiles(root, { [FILE]: 'other\n' });
  await lock('agent-1', 'release', FILE);
  expect(keptBases(root)).toEqual(['2.shared~1types.ts']);
  await lock('agent-2', 'break', FILE, '--reason', 'x');
  expect(await verified(lock)).toMatchObject({
    changed: { base: hashText('written by agent-2\n'), present: PRESENT },
  });
  await lock('agent-1', 'acquire', FILE);
  await lock('agent-1', 'release', FILE);
  expect(keptBases(root)).toEqual(['2.shared~1types.ts']);
  tidy(root);
  expect(keptBases(root)).toEqual(['2.shared~1types.ts']);
  const [checkout = ''] = readdirSync(join(root, '.squad/.run/base'));
  const old = new Date(Date.now() - 90_000_000);
  utimesSync(join(root, '.squad/.run/base', checkout, '2.shared~1types.ts'), old, old);
  tidy(root);
  expect(keptBases(root)).toEqual([]);
});

function tidy(root: string): void {
  const newId = createIdSource(() => Date.now(), randomBytes);
  const squadDir = join(root, '.squad');
  const ports = { store: createNodeStore(), squadDir, clock: systemClock, newId };
  openLocks(ports, { ttlMs: 60_000, maxHoldMs: 600_000 }).tidy();
}

test('the merge queue leaves the branch of an agent out that lost a lease to another', async () => {
  const { root, lock } = repository();
  const env = { AGENT_ID: 'agent-1' };
  const path = join(`${root}.worktrees`, 'one');
  onTestFinished(() => rmSync(`${root}.worktrees`, { recursive: true, force: true }));
  await runBin('squad-worktree', ['create', 'one', '--agent', 'agent-1'], { cwd: root, env });
  await runBin('squad-lock', ['acquire', FILE], { cwd: path, env });
  writeFileSync(join(path, FILE), 'other\n');
  gitIn(path, 'commit', '--quiet', '--all', '--message', 'Change types');
  const plan = async (): Promise<string> =>
    (await runBin('squad-merge', ['plan', '--into', 'main'], { cwd: root })).stdout;
  const before = await plan();
  await lock('agent-2', 'break', FILE, '--reason', 'needed now');
  const after = await plan();
  await runBin('squad-lock', ['acquire', FILE], { cwd: path, env });
  const again = await plan();
  expect(before).not.toContain('token 1');
  expect(after).toContain(
    `the lease of agent-1 on ${FILE} (token 1) was broken by agent-2; the file ${CHANGED}; look at it, then: squad-lock acquire ${FILE} --agent agent-1`,
  );
  expect(again).toBe(before);
});
