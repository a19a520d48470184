import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { testdir } from '../../support/testdir.ts';
import { ensureClient } from './client-cache.ts';
import {
  DRIVERS,
  installedRepository,
  journalIn,
  leasesIn,
  oneByOne,
  rowsOf,
} from './installed-repository.ts';
import { opencode } from './opencode.ts';
import { claude, codex, geminiCli, modelFor, runClient, type Driver } from './real-client.ts';
import type { ScriptStep } from './scripted-model.ts';

// From two folders below the file: an edit of it, then a write through the shell.
function stealing(driver: Driver, file: string): readonly ScriptStep[] {
  return [
    ...oneByOne(driver.edit(file, 'bob', 'stolen')),
    { calls: [driver.shell('echo stolen > ../../theirs.txt')] },
  ];
}

test.runIf(DRIVERS.includes(claude))(
  'claude: with the plugin, also a session started in a sub-folder is held to the same',
  async () => {
    const root = await installedRepository(claude, []);
    const file = join(root, 'theirs.txt');
    const plugin = fileURLToPath(new URL('../../../dist/plugin', import.meta.url));
    const model = await modelFor(claude, {
      sub: stealing(claude, file),
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

test.each(rowsOf([codex, opencode]))(
  '%s: a session started in a sub-folder is held to the same',
  async (_, driver) => {
    const root = await installedRepository(driver);
    const file = join(root, 'theirs.txt');
    const cwd = join(root, 'src', 'deep');
    const model = await modelFor(driver, {
      sub: stealing(driver, file),
    });
    await runClient(driver, { cwd, root, model, script: 'sub', agent: 'alice' });
    expect(readFileSync(file, 'utf8')).toBe('bob\n');
    expect(model.told('sub').match(/theirs\.txt is EXCLUSIVE to bob/gu)?.length).toBeGreaterThanOrEqual(2);
  },
);

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

const WITH_EXTENSION: Driver = {
  ...geminiCli,
  start(session) {
    const started = geminiCli.start(session);
    const extension = fileURLToPath(new URL('../../../dist/gemini-extension', import.meta.url));
    const env = { PATH: process.env['PATH'], ...started.env, HTTPS_PROXY: 'http://127.0.0.1:9' };
    execFileSync(ensureClient('gemini'), ['extensions', 'install', extension, '--consent'], {
      env,
      stdio: 'ignore',
    });
    return started;
  },
};

test.runIf(DRIVERS.includes(geminiCli))(
  'gemini: with the extension, also a session started in a sub-folder is held to the same',
  async () => {
    const root = await installedRepository(geminiCli, []);
    const file = join(root, 'theirs.txt');
    const cwd = join(root, 'src', 'deep');
    const model = await modelFor(WITH_EXTENSION, {
      sub: [
        ...stealing(geminiCli, file),
        { calls: [geminiCli.shell('echo mine > x.txt')] },
        (told) => {
          const bin = /commands are in ([^\\"<]+)/u.exec(told)?.[1] ?? '';
          return { calls: [geminiCli.shell(`'${bin}/squad-lock' status x.txt`)] };
        },
      ],
    });
    const more = ['--include-directories', root];
    await runClient(WITH_EXTENSION, { cwd, root, model, script: 'sub', agent: 'alice', more });
    expect(readFileSync(file, 'utf8')).toBe('bob\n');
    const told = model.told('sub');
    expect(told).toContain('you are alice');
    expect(told.match(/theirs\.txt is EXCLUSIVE to bob/gu)?.length).toBeGreaterThanOrEqual(2);
    expect(readFileSync(join(cwd, 'x.txt'), 'utf8')).toBe('mine\n');
    expect(told).toContain('x.txt held by alice');
    expect(await leasesIn(root)).toEqual([]);
  },
);

test.runIf(DRIVERS.includes(geminiCli))(
  'gemini: with the extension and the project hooks each thing is said once, and one lease is taken',
  async () => {
    const root = await installedRepository(geminiCli);
    await runBin('squad-comms', ['ask', 'alice', 'ready?', '--agent', 'bob'], { cwd: root });
    const during: string[] = [];
    const model = await modelFor(WITH_EXTENSION, {
      both: [
        ...oneByOne(geminiCli.edit(join(root, 'theirs.txt'), 'bob', 'stolen')),
        ...oneByOne(geminiCli.edit(join(root, 'shared.txt'), 'one', 'alice')),
        async () => {
          during.push(...(await leasesIn(root)));
          return { text: 'bye' };
        },
      ],
    });
    await runClient(WITH_EXTENSION, { cwd: root, root, model, script: 'both', agent: 'alice' });
    const told = model.told('both:2');
    expect(told.match(/from bob/gu)).toHaveLength(1);
    expect(told.match(/you are alice/gu)).toHaveLength(1);
    expect(told).toContain('theirs.txt is EXCLUSIVE to bob');
    expect(readFileSync(join(root, 'theirs.txt'), 'utf8')).toBe('bob\n');
    expect(during).toEqual(['shared.txt alice']);
    expect(await leasesIn(root)).toEqual([]);
    const said = journalIn(root).map(({ kind }) => kind);
    expect(said.filter((kind) => kind.startsWith('session.'))).toEqual(['session.started', 'session.ended']);
  },
);
