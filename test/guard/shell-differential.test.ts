import { analyseShell } from '#guard';
import { createNodeStore } from '#store';
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandWrite } from '../../packages/guard/src/decide/expand-write.ts';
import { openLook } from '../../packages/guard/src/look/open-look.ts';
import { commandLine, makeTree } from '../support/shell-grammar.ts';
import { testdir } from '../support/testdir.ts';

// Lines of a grammar are run by a real bash, and what they changed is compared with what was read from them before.
const RUNS = Number(process.env['DOTSQUAD_SHELL_RUNS'] ?? 120);
const TIMEOUT_MS = 30_000 + RUNS * 60;
const SEED = Number(process.env['DOTSQUAD_SHELL_SEED'] ?? 20_260);

const store = createNodeStore();

function predicted(
  command: string,
  root: string,
): { readonly files: ReadonlySet<string>; readonly isPartial: boolean } {
  const from = { cwd: root, home: undefined };
  const plain = analyseShell(command, from);
  const { writes, isPartial } = plain.wantsLook
    ? analyseShell(command, { ...from, look: openLook(store) })
    : plain;
  const files = writes.flatMap((write) => expandWrite(store, write));
  const inside = files.filter((path) => path.startsWith(`${root}/`));
  return { files: new Set(inside.map((path) => path.slice(root.length + 1))), isPartial };
}

function filesOf(root: string, below = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) for (const [name, state] of filesOf(root, path)) found.set(name, state);
    else {
      const { mtimeNs, size, ino } = lstatSync(join(root, path), { bigint: true });
      found.set(path, `${mtimeNs} ${size} ${ino}`);
    }
  }
  return found;
}

interface Outcome {
  readonly before: ReadonlyMap<string, string>;
  readonly changed: readonly string[];
  /** True when every command did what it was to do. */
  readonly isClean: boolean;
}

function run(command: string, root: string): Outcome {
  const before = filesOf(root);
  const { status, stderr } = spawnSync('bash', ['--norc', '-c', command], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 10_000,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  const after = filesOf(root);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  return { before, changed: changed.toSorted(), isClean: status === 0 && stderr === '' };
}

test(
  'a line that can be read changes no file but those read from it, and all of these when nothing fails',
  () => {
    const parent = testdir();
    let count = 0;
    fc.assert(
      fc.property(commandLine, (command) => {
        const root = makeTree(join(parent, `t${(count += 1)}`));
        const { files, isPartial } = predicted(command, root);
        const { before, changed, isClean } = run(command, root);
        rmSync(root, { recursive: true, force: true });
        // A file that is not there may leave a part of the line untold; its command then fails.
        expect({ command, isPartial: isPartial && isClean }).toEqual({ command, isPartial: false });
        expect({ command, missed: changed.filter((path) => !files.has(path)) }).toEqual({
          command,
          missed: [],
        });
        const untouched = [...files].filter((path) => before.has(path) && !changed.includes(path));
        if (isClean) expect({ command, untouched }).toEqual({ command, untouched: [] });
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  },
  TIMEOUT_MS,
);
