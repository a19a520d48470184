import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';

test('the commands after a refusal mean the same where they are typed, and read nothing in a name', async () => {
  const root = testRepository({ 'shared/a $(b).ts': 'a\n' });
  mkdirSync(join(root, '.squad'));
  mkdirSync(join(root, 'docs'));
  const lock = (args: readonly string[], agent: string) =>
    runBin('squad-lock', args, { cwd: join(root, 'docs'), env: { AGENT_ID: agent } });
  expect((await lock(['acquire', '../shared/a $(b).ts'], 'alice')).code).toBe(0);
  const { code, stdout } = await lock(['acquire', '../shared/a $(b).ts'], 'bob');
  expect(code).toBe(3);
  expect(stdout.split('\n').slice(1)).toEqual([
    "  squad-lock acquire '../shared/a $(b).ts' --wait 30m",
    "  squad-comms ask alice 'when will shared/a $(b).ts be free?'",
    '  squad-lock list --waiting',
    '',
  ]);
  expect((await lock(['verify', '../shared/a $(b).ts'], 'bob')).stdout).toMatch(
    /\n {2}squad-lock acquire '\.\.\/shared\/a \$\(b\)\.ts'\n$/u,
  );
});
