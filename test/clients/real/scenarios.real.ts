import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binPath, runBin } from '../../support/bins.ts';
import { writeIn } from '../../support/guarded.ts';
import { gitIn } from '../../support/repository.ts';
import { DRIVERS, installedRepository, leasesIn, oneByOne, rowsOf } from './installed-repository.ts';
import { opencode } from './opencode.ts';
import { modelFor, runClient } from './real-client.ts';
import type { Step } from './scripted-model.ts';

// By path: a login shell, as Codex starts one, may set a PATH of its own.
const COMMS = `node '${binPath('squad-comms')}'`;

function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

describe.each(rowsOf(DRIVERS))('%s', (_, driver) => {
  test('alice edits; bob is refused, told why and what next; alice hands over; bob edits', async () => {
    const root = await installedRepository(driver);
    const file = join(root, 'shared.txt');
    const [handOver, leave] = [gate(), gate()];
    const accept = async (): Promise<Step> => {
      const { stdout } = await runBin('squad-comms', ['inbox', '--agent', 'bob', '--json'], { cwd: root });
      const id = /H-[0-9A-Z]+/u.exec(stdout)?.[0] ?? 'none';
      return { calls: [driver.shell(`${COMMS} accept ${id} --agent bob`)] };
    };
    const model = await modelFor(driver, {
      alice: [
        ...oneByOne(driver.edit(file, 'one', 'alice')),
        async () => {
          await handOver.passed;
          return { calls: [driver.shell(`${COMMS} handoff bob --file shared.txt --agent alice`)] };
        },
        async () => {
          await leave.passed;
          return { text: 'bye' };
        },
      ],
      refused: [
        ...oneByOne(driver.edit(file, 'alice', 'stolen')),
        { calls: [driver.shell('echo stolen > shared.txt')] },
      ],
      'after-handoff': [accept, ...oneByOne(driver.edit(file, 'alice', 'bob'))],
    });
    const editSteps = driver.edit(file, '', '').length;
    const session = { cwd: root, root, model };
    const alice = runClient(driver, { ...session, script: 'alice', agent: 'alice' });
    await model.reached('alice', editSteps);
    expect(readFileSync(file, 'utf8')).toBe('alice\n');

    await runClient(driver, { ...session, script: 'refused', agent: 'bob' });
    expect(readFileSync(file, 'utf8')).toBe('alice\n');
    const told = model.told('refused');
    expect(told.match(/shared\.txt is held by alice for/gu)?.length).toBeGreaterThanOrEqual(2);
    expect(told).toContain('squad-lock acquire shared.txt --wait 2m --agent bob');

    handOver.open();
    await model.reached('alice', editSteps + 1);
    await runClient(driver, { ...session, script: 'after-handoff', agent: 'bob' });
    expect(readFileSync(file, 'utf8')).toBe('bob\n');
    leave.open();
    await alice;
    expect(await leasesIn(root)).toEqual([]);
  });

  test("another's file is refused to the edit tool and to the shell, and the model is told whose it is", async () => {
    const root = await installedRepository(driver);
    const file = join(root, 'theirs.txt');
    const model = await modelFor(driver, {
      own: [
        ...oneByOne(driver.edit(file, 'bob', 'stolen')),
        { calls: [driver.shell("sed -i 's/bob/stolen/' theirs.txt")] },
        { calls: [driver.shell('cd src && echo stolen >> ../theirs.txt')] },
        { calls: [driver.shell('echo free > mine.txt')] },
      ],
    });
    await runClient(driver, { cwd: root, root, model, script: 'own', agent: 'alice' });
    expect(readFileSync(file, 'utf8')).toBe('bob\n');
    expect(readFileSync(join(root, 'mine.txt'), 'utf8')).toBe('free\n');
    const told = model.told('own');
    expect(told.match(/theirs\.txt is EXCLUSIVE to bob/gu)?.length).toBeGreaterThanOrEqual(3);
    expect(told).toContain('squad-comms ask bob');
    expect(told).toContain('you are alice');
  });

  test("a commit absorbs nothing of another agent's work in the same checkout", async () => {
    const root = await installedRepository(driver);
    writeIn(root, 'theirs.txt', 'bob, not committed\n');
    const file = join(root, 'shared.txt');
    const model = await modelFor(driver, {
      commit: [
        ...oneByOne(driver.edit(file, 'one', 'alice')),
        { calls: [driver.shell(`node '${binPath('squad-own')}' commit -m "Mine" --agent alice`)] },
      ],
    });
    await runClient(driver, { cwd: root, root, model, script: 'commit', agent: 'alice' });
    expect(gitIn(root, 'show', '--format=%s', '--name-only', 'HEAD')).toBe('Mine\n\nshared.txt');
    expect(readFileSync(join(root, 'theirs.txt'), 'utf8')).toBe('bob, not committed\n');
  });

  // `opencode run` ends as soon as its session is idle: only one that stays open can be reminded.
  test.skipIf(driver === opencode)(
    'before it stops it is reminded, once, of a handoff that waits',
    async () => {
      const root = await installedRepository(driver);
      await runBin('squad-comms', ['handoff', 'alice', '--file', 'shared.txt', '--agent', 'bob'], {
        cwd: root,
      });
      const model = await modelFor(driver, { idle: [{ text: 'hello' }] });
      await runClient(driver, { cwd: root, root, model, script: 'idle', agent: 'alice' });
      expect(model.told('idle:1')).toContain('squad: before you stop (said once)');
      expect(model.told('idle:1')).toContain('bob hands you shared.txt');
      expect(model.told('idle:2')).toBe('');
    },
  );

  test('in a linked worktree the same leases hold', async () => {
    const root = await installedRepository(driver);
    const linked = join(root, '..', `${root.split('/').at(-1)} linked`);
    gitIn(root, 'worktree', 'add', '--quiet', '-b', 'linked', linked);
    await runBin('squad-lock', ['acquire', 'shared.txt', '--agent', 'carol'], { cwd: root });
    const model = await modelFor(driver, {
      linked: [
        ...oneByOne(driver.edit(join(linked, 'shared.txt'), 'one', 'stolen')),
        { calls: [driver.shell('echo stolen > shared.txt')] },
      ],
    });
    await runClient(driver, { cwd: linked, root: linked, model, script: 'linked', agent: 'bob' });
    expect(readFileSync(join(linked, 'shared.txt'), 'utf8')).toBe('one\n');
    expect(model.told('linked').match(/shared\.txt is held by carol/gu)?.length).toBeGreaterThanOrEqual(2);
    gitIn(root, 'worktree', 'remove', '--force', linked);
  });
});
