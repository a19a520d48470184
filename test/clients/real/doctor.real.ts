import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { ensureClient } from './client-cache.ts';
import { DRIVERS, installedRepository } from './installed-repository.ts';
import { codex, codexHome } from './real-client.ts';

test.runIf(DRIVERS.includes(codex))(
  'codex: the doctor is told by Codex itself whether our hooks are trusted, and whether they still are',
  async () => {
    const root = await installedRepository(codex);
    const home = codexHome();
    const config = join(home, 'config.toml');
    const env = {
      CODEX_HOME: home,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      PATH: `${dirname(ensureClient('codex'))}:${process.env['PATH'] ?? ''}`,
    };
    const traps = async (): Promise<readonly string[]> => {
      const { stdout } = await runBin('squad-doctor', ['--json'], { cwd: root, env });
      const { findings } = JSON.parse(stdout) as { findings: { severity: string; message: string }[] };
      return findings.filter(({ severity }) => severity !== 'ok').map(({ message }) => message);
    };
    mkdirSync(home, { recursive: true });
    expect(await traps()).toEqual([
      'Codex does not read our hooks: it does not trust the folder, or its hooks are switched off',
    ]);
    const folder = `[projects.${JSON.stringify(root)}]\ntrust_level = "trusted"\n`;
    writeFileSync(config, folder);
    expect(await traps()).toEqual(['Codex skips hooks that nobody trusted, without a word']);
    const key = `${root}/.codex/hooks.json:pre_tool_use:0:0`;
    const trusted = `[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = "sha256:${'0'.repeat(64)}"\n`;
    writeFileSync(config, `${folder}${trusted}`);
    expect(await traps()).toEqual([
      'Codex skips hooks that changed since somebody trusted them, without a word',
    ]);
    expect(readFileSync(config, 'utf8')).toBe(`${folder}${trusted}`);
  },
);
