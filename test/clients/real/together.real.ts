import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { writeIn } from '../../support/guarded.ts';
import {
  DRIVERS,
  installedRepository,
  journalIn,
  leasesIn,
  oneByOne,
  rowsOf,
} from './installed-repository.ts';
import { opencode } from './opencode.ts';
import { modelFor, runClient, type Driver } from './real-client.ts';
import type { ScriptStep } from './scripted-model.ts';

const PLAN = `---
version: 1
agent: bob
role: backend
feature: x
prd_hash: sha256:${'0'.repeat(64)}
tasks:
${taskRow('T-1', 'Change it', 'shared.txt')}
${taskRow('T-2', 'Other work', 'src/deep/x.txt')}
---
`;

function taskRow(id: string, title: string, path: string): string {
  const files = `{ create: [], modify: [${path}], read: [] }`;
  return `  - { id: ${id}, title: ${title}, files: ${files}, depends_on: [], estimate_minutes: 5, start_minute: 0 }`;
}

async function sequentialRepository(driver: Driver): Promise<string> {
  const root = await installedRepository(driver);
  writeIn(root, '.squad/ownership.yaml', '/shared.txt: { owner: NONE, access: SEQUENTIAL }\n');
  writeIn(root, '.squad/parallel-plans/agent-2-plan.md', PLAN);
  return root;
}

function meeting(): { readonly step: ScriptStep; readonly end: () => void } {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end: () => end(), step: () => ended.then(() => ({ text: 'bye' })) };
}

test.each(rowsOf(DRIVERS))(
  '%s: two sessions at once in one checkout share a SEQUENTIAL file in turn, and each is told its own things once',
  async (_, driver) => {
    const root = await sequentialRepository(driver);
    const file = join(root, 'shared.txt');
    const say = (...args: readonly string[]) =>
      runBin('squad-comms', [...args, '--agent', 'carol'], { cwd: root });
    await say('ask', 'alice', 'for alice alone?');
    await say('ask', 'bob', 'for bob alone?');
    const [stay, late] = [meeting(), meeting()];
    const model = await modelFor(driver, {
      alice: [...oneByOne(driver.edit(file, 'one', 'alice')), stay.step],
      bob: [
        ...oneByOne(driver.edit(file, 'alice', 'stolen')),
        ...oneByOne(driver.edit(join(root, 'src/deep/x.txt'), 'x', 'bob')),
        late.step,
      ],
    });
    const steps = driver.edit('', '', '').length;
    const session = { cwd: root, root, model };
    const alice = runClient(driver, { ...session, script: 'alice', agent: 'alice' });
    await model.reached('alice', steps);
    const bob = runClient(driver, { ...session, script: 'bob', agent: 'bob' });
    await model.reached('bob', 2 * steps);

    expect(readFileSync(file, 'utf8')).toBe('alice\n');
    expect(await leasesIn(root)).toEqual(['shared.txt alice', 'src/deep/x.txt bob']);
    const told = model.told(`bob:${2 * steps}`);
    expect(told).toMatch(
      /shared\.txt is held by alice for .{1,60} since 20[0-9TZ:-]+, (?:15m|14m \d+s) left/u,
    );
    expect(told).toContain('squad-lock acquire shared.txt --wait 2m --agent bob');
    expect(told).toContain('or take another task of your plan: T-2 Other work (src/deep/x.txt)');
    expect(told.match(/for bob alone\?/gu)).toHaveLength(1);
    expect(told).not.toContain('for alice alone?');
    expect(model.told(`alice:${steps}`).match(/for alice alone\?/gu)).toHaveLength(1);

    stay.end();
    await alice;
    expect(await leasesIn(root)).toEqual(['src/deep/x.txt bob']);
    late.end();
    await bob;
    expect(await leasesIn(root)).toEqual([]);
    const ended = journalIn(root).filter(({ kind }) => kind === 'session.ended');
    expect(ended.map(({ agent }) => agent)).toEqual(['alice', 'bob']);
  },
);

// `opencode run` ends as soon as its session is idle: only one that stays open can be reminded.
test.each(rowsOf(DRIVERS.filter((driver) => driver !== opencode)))(
  '%s: of two sessions that stop with a handoff each is reminded once, of its own',
  async (_, driver) => {
    const root = await sequentialRepository(driver);
    for (const agent of ['alice', 'bob'])
      await runBin('squad-comms', ['handoff', agent, '--file', `${agent}.txt`, '--agent', 'carol'], {
        cwd: root,
      });
    const model = await modelFor(driver, { alice: [{ text: 'hello' }], bob: [{ text: 'hello' }] });
    const session = { cwd: root, root, model };
    await Promise.all(
      ['alice', 'bob'].map((agent) => runClient(driver, { ...session, script: agent, agent })),
    );
    for (const [agent, other] of [
      ['alice', 'bob'],
      ['bob', 'alice'],
    ] as const) {
      expect(model.told(`${agent}:1`)).toContain(`carol hands you ${agent}.txt`);
      expect(model.told(`${agent}:1`)).not.toContain(`carol hands you ${other}.txt`);
      expect(model.told(`${agent}:2`)).toBe('');
    }
  },
);
