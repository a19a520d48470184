import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { killingGit } from '../support/git-that-kills.ts';
import { testMerging, workOn } from '../support/merging.ts';
import { gitIn } from '../support/repository.ts';

// Nightly: every call, before and after it.
const EVERY = process.env['DOTSQUAD_TORTURE_RUNS'] === undefined ? 37 : 1;

const ARGS = ['run', '--into', 'main', '--test', 'test ! -e broken'];

async function ready(): Promise<string> {
  const { root, world } = testMerging();
  await workOn(world, 'good', { 'g.txt': 'g\n' });
  await workOn(world, 'bad', { broken: 'x\n' });
  await workOn(world, 'last', { 'l.txt': 'l\n' });
  return root;
}

test(
  'a run that is killed anywhere goes on where it was and ends as if it had not been',
  async () => {
    const git = killingGit();
    for (let call = 2; call < 120; call += EVERY) {
      for (const when of ['before', 'after'] as const) {
        const root = await ready();
        const first = await runBin('squad-merge', ARGS, { cwd: root, env: git.arm(call, when) });
        if (first.signal !== 'SIGKILL') {
          expect(first.code).toBe(1);
          return;
        }
        const branches = gitIn(root, 'rev-parse', 'squad/good', 'squad/bad', 'squad/last');
        const second = await runBin('squad-merge', [...ARGS, '--json'], { cwd: root });
        const label = `${when} git ${call}: ${second.stdout}${second.stderr}`;
        expect(second.stderr, label).not.toContain('bug');
        expect(existsSync(join(root, 'g.txt')), label).toBe(true);
        expect(existsSync(join(root, 'l.txt')), label).toBe(true);
        expect(existsSync(join(root, 'broken')), label).toBe(false);
        expect(gitIn(root, 'status', '--porcelain'), label).toBe('');
        expect(gitIn(root, 'rev-parse', 'squad/good', 'squad/bad', 'squad/last')).toBe(branches);
        expect(gitIn(root, 'rev-list', '--count', '--merges', 'main'), label).toBe('2');
      }
    }
  },
  EVERY === 1 ? 1_800_000 : 120_000,
);
