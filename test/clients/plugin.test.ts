import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { runBin } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

// As a client keeps it: a copy without the package around it.
test.each(['squad-guard', 'squad-lock', 'squad-mcp', 'squad-own', 'squad-comms'])(
  'from a copy of the plugin %s knows its version',
  (name) => {
    const copy = join(testdir(), 'squad');
    cpSync(fileURLToPath(new URL('../../dist/plugin', import.meta.url)), copy, { recursive: true });
    const said = execFileSync(process.execPath, [join(copy, 'bin', name), '--version'], { encoding: 'utf8' });
    expect(said.trim()).toContain(packageJson.version);
  },
);

test('the extension of Gemini CLI asks at the same events as the project hooks', async () => {
  const extension = fileURLToPath(new URL('../../dist/gemini-extension', import.meta.url));
  const root = testRepository({ 'README.md': '' });
  await runBin('squad-init', ['--gemini'], { cwd: root });
  const eventsIn = (path: string): readonly string[] =>
    Object.keys((JSON.parse(readFileSync(path, 'utf8')) as { hooks: object }).hooks);
  const events = eventsIn(join(extension, 'hooks/hooks.json'));
  expect(events).toEqual(eventsIn(join(root, '.gemini/settings.json')));
  expect(events).toContain('BeforeTool');
  const status = readFileSync(join(extension, 'commands/squad/status.toml'), 'utf8');
  expect(status.split('\n')[0]).toBe('description = "Where the squad stands, in a few lines"');
});
