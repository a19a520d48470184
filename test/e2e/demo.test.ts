import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cleanEnvironment } from '../support/bins.ts';

test('the demo ends with every invariant held', async () => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../examples/demo/run.mjs', import.meta.url))],
    {
      env: { ...cleanEnvironment(), DEMO_MS_PER_MINUTE: '10' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(output).toContain('every invariant held; no lock is left');
  expect(output).toMatch(/shared\/types\/metrics\.ts is held by agent-1-frontend; waiting/u);
  expect(output).toMatch(/handed shared\/types\/metrics\.ts to agent-2-backend/u);
  expect(code).toBe(0);
});
