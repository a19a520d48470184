import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createHandOff, finishRun, readRuns, undoRun, unfinishedRun } from '#merge';
import {
  createWorktree,
  pruneWorktrees,
  readWorktree,
  readWorktrees,
  removeWorktree,
  syncWorktree,
} from '#worktree';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { killingGit } from '../support/git-that-kills.ts';
import { mergeAll, testMerging } from '../support/merging.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';
import { put } from '../support/worktrees.ts';
import {
  FILES,
  NAMES,
  of,
  oweWhatIsGone,
  pathOf,
  service,
  step,
  type Model,
  type Real,
  type Step,
} from './torture-model.ts';
import { runSteps, writeAgent } from './torture-runs.ts';

// Nightly: npm run torture:worktree
const RUNS = Number(process.env['DOTSQUAD_TORTURE_RUNS'] ?? 4);
// The short form is the same every time; the long one draws its histories.
const SEED = process.env['DOTSQUAD_TORTURE_SEED'] ?? (RUNS <= 4 ? '20261121' : undefined);

function write(name: string, file: string): Step {
  return step(`write ${name}/${file}`, async (model, real) => {
    const path = pathOf(real, name);
    if (path === undefined) return;
    model.texts += 1;
    const text = `text ${model.texts} of ${name}\n`;
    put(path, file, text);
    of(model.written, name).set(file, text);
  });
}

function stage(name: string): Step {
  return step(`stage ${name}`, async (model, real) => {
    const path = pathOf(real, name);
    if (path === undefined) return;
    gitIn(path, 'add', '--all');
    for (const [file, text] of of(model.written, name)) of(model.staged, name).set(file, text);
  });
}

function commit(name: string, file: string): Step {
  return step(`commit ${name}/${file}`, async (model, real) => {
    await write(name, file).run(model, real);
    const path = pathOf(real, name);
    if (path === undefined) return;
    gitIn(path, 'add', '--all');
    gitIn(path, 'commit', '--quiet', '--message', 'Work');
    for (const text of of(model.written, name).values()) model.kept.add(text);
    model.written.delete(name);
    model.staged.delete(name);
  });
}

/** An agent throws its last commit away: its reflog still knows it, and so must a backup. */
function resetBack(name: string): Step {
  return step(`reset ${name}`, async (model, real) => {
    const path = pathOf(real, name);
    if (path === undefined || of(model.written, name).size + of(model.staged, name).size > 0) return;
    if (gitIn(path, 'rev-list', '--count', '--first-parent', 'main..HEAD') === '0') return;
    gitIn(path, 'reset', '--hard', '--quiet', 'HEAD~1');
  });
}

/** A person deletes the folder: files that were neither committed nor staged are that person's loss. */
function deleteFolder(name: string): Step {
  return step(`rm -rf ${name}`, async (model, real) => {
    const path = pathOf(real, name);
    if (path === undefined) return;
    rmSync(path, { recursive: true });
    model.written.delete(name);
    for (const text of of(model.staged, name).values()) model.kept.add(text);
    model.staged.delete(name);
  });
}

function recordOf({ world }: Real, name: string): ReturnType<typeof readWorktree> {
  return readWorktree(world.store, world.home.squadDir, name);
}

const create = (name: string): Step =>
  service(`create ${name}`, ({ world }) => createWorktree(world, { name }));

const remove = (name: string, force: boolean): Step =>
  service(`remove ${name}${force ? ' --force' : ''}`, async (real) => {
    const record = recordOf(real, name);
    if (record !== undefined) await removeWorktree(real.world, record, { force });
  });

const sync = (name: string, how: 'merge' | 'rebase'): Step =>
  service(`sync ${name} ${how}`, async (real) => {
    const record = recordOf(real, name);
    if (record !== undefined) await syncWorktree(real.world, record, how);
  });

const mergeRun = service('merge run', async ({ world }) => {
  const left = unfinishedRun(world);
  if (left === undefined) await mergeAll(world);
  else await finishRun(world, left, createHandOff(world, []));
});

const undo = service('merge undo', async ({ world }) => {
  const last = readRuns(world.store, world.home.squadDir).findLast(({ state }) => state === 'landed');
  if (last !== undefined) await undoRun(world, last);
});

const prune = service('prune', ({ world }) => pruneWorktrees(world));

const collect = step('gc', async (_, { root }) => void gitIn(root, 'gc', '--quiet', '--prune=now'));

/** Runs a built program and kills it at one of its gits. */
function killed(
  program: 'squad-worktree' | 'squad-merge',
  args: readonly string[],
  call: number,
  when: 'before' | 'after',
): Step {
  return step(`kill -9 ${when} git ${call} of ${program} ${args.join(' ')}`, async (model, real) => {
    const result = await runBin(program, args, { cwd: real.root, env: real.git.arm(call, when) });
    expect(result.code, `${result.stdout}${result.stderr}`).not.toBe(70);
    oweWhatIsGone(model, real);
  });
}

const anyName = fc.constantFrom(...NAMES);
const anyPlace = fc.tuple(anyName, fc.constantFrom(...FILES));

const work = [
  anyPlace.map(([name, file]) => write(name, file)),
  anyPlace.map(([name, file]) => commit(name, file)),
  anyName.map(resetBack),
];

const steps: fc.Arbitrary<Step>[] = [
  // Agents work more than tools do.
  ...work,
  ...work,
  ...work,
  anyName.map(stage),
  anyName.map(create),
  anyName.map(deleteFolder),
  fc.tuple(anyName, fc.boolean()).map(([name, force]) => remove(name, force)),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom('merge' as const, 'rebase' as const))
    .map(([name, how]) => sync(name, how)),
  fc.constant(mergeRun),
  fc.constant(undo),
  fc.constant(prune),
  fc.constant(collect),
  fc
    .record({
      call: fc.integer({ min: 1, max: 40 }),
      when: fc.constantFrom('before' as const, 'after' as const),
      args: fc.oneof(
        anyName.map((name) => ['squad-worktree', 'create', name] as const),
        anyName.map((name) => ['squad-worktree', 'remove', name, '--force'] as const),
        anyName.map((name) => ['squad-worktree', 'sync', name, '--rebase'] as const),
        fc.constant(['squad-worktree', 'prune'] as const),
        fc.constant(['squad-merge', 'run', '--into', 'main', '--no-test'] as const),
        fc.constant(['squad-merge', 'undo'] as const),
      ),
    })
    .map(({ call, when, args: [program, ...args] }) => killed(program, args, call, when)),
  ...runSteps,
];

function blobId(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === '.git' ? [] : filesUnder(path);
    return entry.isFile() && entry.name !== '.git' ? [readFileSync(path, 'utf8')] : [];
  });
}

/** Texts that neither a file nor anything git can reach holds any more. */
function lost(model: Model, { root }: Real): readonly string[] {
  const owed = new Set(model.kept);
  for (const texts of [...model.written.values(), ...model.staged.values()])
    for (const text of texts.values()) owed.add(text);
  gitIn(root, 'gc', '--quiet', '--prune=now');
  const listed = gitIn(root, 'rev-list', '--objects', '--all', '--reflog', '--indexed-objects');
  const objects = new Set(listed.split('\n').map((line) => line.slice(0, 40)));
  const files = new Set(filesUnder(`${root}.worktrees`));
  return [...owed].filter((text) => !files.has(text) && !objects.has(blobId(text)));
}

test(
  `nothing that was committed or written in a worktree becomes unreachable, over ${RUNS} random histories with kill -9`,
  async () => {
    const commands = fc.commands(steps, { maxCommands: 24, size: 'max' });
    const property = fc.asyncProperty(commands, async (sequence) => {
      const { root, world } = testMerging({ 'a.txt': 'start\n' });
      const real: Real = { root, world, git: killingGit(), outside: testdir() };
      writeAgent(real.outside);
      const model: Model = { kept: new Set(), written: new Map(), staged: new Map(), texts: 0, runs: 0 };
      try {
        for (const name of NAMES) await create(name).run(model, real);
        await fc.asyncModelRun(() => ({ model, real }), sequence);
        expect(lost(model, real)).toEqual([]);
        // And nothing wedges: what any crash left can be put in order, and then work goes on.
        await prune.run(model, real);
        expect(readWorktrees(world.store, world.home.squadDir).map(({ state }) => state)).not.toContain(
          'creating',
        );
        for (const name of NAMES) await create(name).run(model, real);
        await mergeRun.run(model, real);
        expect(lost(model, real)).toEqual([]);
      } finally {
        rmSync(`${root}.worktrees`, { recursive: true, force: true });
        rmSync(root, { recursive: true, force: true });
      }
    });
    await fc.assert(property, {
      numRuns: RUNS,
      endOnFailure: RUNS <= 4,
      ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    });
  },
  RUNS * 60_000,
);
