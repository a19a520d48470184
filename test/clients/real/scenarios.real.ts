import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { binPath, runBin } from '../../support/bins.ts';
import { writeIn } from '../../support/guarded.ts';
import { gitIn, testRepository } from '../../support/repository.ts';
import { testdir } from '../../support/testdir.ts';
import { ensureClient } from './client-cache.ts';
import { opencode } from './opencode.ts';
import { claude, codex, geminiCli, modelFor, runClient, type Driver } from './real-client.ts';
import type { ScriptStep } from './scripted-model.ts';

const DRIVERS = [geminiCli, claude, codex, opencode].filter(({ name }) => {
  const only = process.env['DOTSQUAD_ONLY'];
  return only === undefined || only.split(',').includes(name);
});

// By path: a login shell, as Codex starts one, may set a PATH of its own.
const COMMS = `node '${binPath('squad-comms')}'`;

async function installedRepository(
  driver: Driver,
  flags: readonly string[] = [`--${driver.name}`],
): Promise<string> {
  const root = testRepository({ 'shared.txt': 'one\n', 'theirs.txt': 'bob\n', 'src/deep/x.txt': 'x\n' });
  const init = await runBin('squad-init', flags, { cwd: root });
  expect(init.code).toBe(0);
  writeIn(root, '.squad/ownership.yaml', '/theirs.txt: { owner: bob, access: EXCLUSIVE }\n');
  gitIn(root, 'add', '--all');
  gitIn(root, 'commit', '--quiet', '--message', 'Install');
  return root;
}

function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

async function leasesIn(root: string): Promise<readonly string[]> {
  const { stdout } = await runBin('squad-lock', ['list', '--json'], { cwd: root });
  const { leases } = JSON.parse(stdout) as { leases: { path: string; agent: string }[] };
  return leases.map(({ path, agent }) => `${path} ${agent}`);
}

// Who is in the journal.
function agentsIn(root: string): readonly string[] {
  const lines = readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8').trim().split('\n');
  return [...new Set(lines.map((line) => (JSON.parse(line) as { agent: string }).agent))];
}

describe.each(DRIVERS.map((driver) => [driver.name, driver] as const))('%s', (_, driver) => {
  test('alice edits; bob is refused, told why and what next; alice hands over; bob edits', async () => {
    const root = await installedRepository(driver);
    const file = join(root, 'shared.txt');
    const [handOver, leave] = [gate(), gate()];
    const accept = async (): Promise<{ calls: ReturnType<Driver['shell']>[] }> => {
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

const GO = { description: 'edit', prompt: '@@script:sub go' };
const SUB_AGENTS = new Map<Driver, ReturnType<Driver['shell']>>([
  [claude, { name: 'Agent', input: { ...GO, subagent_type: 'general-purpose', run_in_background: false } }],
  [opencode, { name: 'task', input: { ...GO, subagent_type: 'general' } }],
]);

test.each(
  [...SUB_AGENTS]
    .filter(([driver]) => DRIVERS.includes(driver))
    .map(([driver, call]) => [driver.name, driver, call] as const),
)('%s: a sub-agent is held to the same, as the agent of its session', async (_, driver, call) => {
  const root = await installedRepository(driver);
  const file = join(root, 'theirs.txt');
  const model = await modelFor(driver, {
    main: [{ calls: [call] }],
    sub: [
      ...oneByOne(driver.edit(file, 'bob', 'stolen')),
      { calls: [driver.shell('echo stolen > theirs.txt')] },
      ...oneByOne(driver.edit(join(root, 'shared.txt'), 'one', 'mine')),
    ],
  });
  await runClient(driver, { cwd: root, root, model, script: 'main', agent: '' });
  expect(readFileSync(file, 'utf8')).toBe('bob\n');
  expect(readFileSync(join(root, 'shared.txt'), 'utf8')).toBe('mine\n');
  expect(model.told('sub').match(/theirs\.txt is EXCLUSIVE to bob/gu)?.length).toBeGreaterThanOrEqual(2);
  expect(agentsIn(root)).toHaveLength(1);
});

test.runIf(DRIVERS.includes(claude))(
  'claude: with the plugin, also a session started in a sub-folder is held to the same',
  async () => {
    const root = await installedRepository(claude, []);
    const file = join(root, 'theirs.txt');
    const plugin = fileURLToPath(new URL('../../../dist/plugin', import.meta.url));
    const model = await modelFor(claude, {
      sub: [
        ...oneByOne(claude.edit(file, 'bob', 'stolen')),
        { calls: [claude.shell('echo x > ../../theirs.txt')] },
      ],
    });
    const cwd = join(root, 'src', 'deep');
    const more = ['--plugin-dir', plugin, '--add-dir', root];
    await runClient(claude, { cwd, root, model, script: 'sub', agent: 'alice', more });
    expect(readFileSync(file, 'utf8')).toBe('bob\n');
    expect(model.told('sub').match(/theirs\.txt is EXCLUSIVE to bob/gu)?.length).toBeGreaterThanOrEqual(2);
  },
);

test.runIf(DRIVERS.includes(claude))('claude: the plugin and its marketplace pass validate --strict', () => {
  const program = ensureClient('claude');
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  for (const path of [join(root, 'dist/plugin'), root]) {
    const output = execFileSync(program, ['plugin', 'validate', '--strict', path], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: testdir() },
    });
    expect(output).toContain('Validation passed');
  }
});

test.each(
  [codex, opencode]
    .filter((driver) => DRIVERS.includes(driver))
    .map((driver) => [driver.name, driver] as const),
)('%s: a session started in a sub-folder is held to the same', async (_, driver) => {
  const root = await installedRepository(driver);
  const file = join(root, 'theirs.txt');
  const cwd = join(root, 'src', 'deep');
  const model = await modelFor(driver, {
    sub: [
      ...oneByOne(driver.edit(file, 'bob', 'stolen')),
      { calls: [driver.shell('echo stolen > ../../theirs.txt')] },
    ],
  });
  await runClient(driver, { cwd, root, model, script: 'sub', agent: 'alice' });
  expect(readFileSync(file, 'utf8')).toBe('bob\n');
  expect(model.told('sub').match(/theirs\.txt is EXCLUSIVE to bob/gu)?.length).toBeGreaterThanOrEqual(2);
});

test.runIf(DRIVERS.includes(codex))(
  'codex: the same plugin, installed there, refuses as well, also in a sub-folder',
  async () => {
    const root = await installedRepository(codex, []);
    const file = join(root, 'theirs.txt');
    const withPlugin: Driver = {
      ...codex,
      start(session) {
        const started = codex.start(session);
        const source = fileURLToPath(new URL('../../..', import.meta.url));
        const env = { PATH: process.env['PATH'], HOME: testdir(), ...started.env };
        for (const args of [
          ['plugin', 'marketplace', 'add', source],
          ['plugin', 'add', 'squad@dotsquad'],
        ])
          execFileSync(ensureClient('codex'), args, { env, stdio: 'ignore' });
        return started;
      },
    };
    const model = await modelFor(codex, { own: oneByOne(codex.edit(file, 'bob', 'stolen')) });
    await runClient(withPlugin, {
      cwd: join(root, 'src', 'deep'),
      root,
      model,
      script: 'own',
      agent: 'alice',
    });
    expect(readFileSync(file, 'utf8')).toBe('bob\n');
    expect(model.told('own')).toContain('theirs.txt is EXCLUSIVE to bob');
  },
);

function oneByOne(calls: readonly ReturnType<Driver['shell']>[]): readonly ScriptStep[] {
  return calls.map((call) => ({ calls: [call] }));
}
