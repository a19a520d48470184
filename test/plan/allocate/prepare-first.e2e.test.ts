import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';

const DOCUMENT = `# Shop
## Tasks
- [ ] T001 Build the cart in \`src/cart.ts\`, its types in \`src/types.ts\` (4h)
- [ ] T002 Build orders in \`src/orders.ts\`, extend \`src/types.ts\` (4h)
- [ ] T003 Build search in \`src/search.ts\`, extend \`src/types.ts\` (4h)
`;
const ID = 'prepare-src-types.ts';

interface Printed {
  readonly tasks: readonly { readonly id: string; readonly agent: string; readonly state: string }[];
}

async function allocate(root: string, ...args: readonly string[]): Promise<Printed> {
  const { code, stdout, stderr } = await runBin('squad-allocate', ['tasks.md', '--json', ...args], {
    cwd: root,
  });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Printed;
}

test('a task that the plan added is kept while others begin, ticked nowhere, and marked where it is exported', async () => {
  const root = testRepository({ 'tasks.md': DOCUMENT, 'src/types.ts': 'export {}\n' });
  const { tasks } = await allocate(root);
  expect(tasks.map(({ id }) => id)).toEqual([ID, 'T001', 'T002', 'T003']);
  const agent = tasks[0]?.agent ?? '';
  const run = async (...args: readonly string[]): Promise<void> => {
    expect((await runBin('squad-comms', args, { cwd: root, env: { AGENT_ID: agent } })).code).toBe(0);
  };
  expect((await runBin('squad-allocate', ['--check'], { cwd: root })).code).toBe(0);

  await run('status', 'ACTIVE', '--task', ID);
  const running = await allocate(root, '--replan');
  expect(running.tasks.map(({ id, state }) => [id, state])).toEqual([
    [ID, 'running'],
    ['T001', 'planned'],
    ['T002', 'planned'],
    ['T003', 'planned'],
  ]);

  await run('done', '--task', ID, '--evidence', 'true');
  const done = await allocate(root, '--replan');
  expect(done.tasks.map(({ id, state }) => [id, state])).toEqual([
    [ID, 'done'],
    ['T001', 'planned'],
    ['T002', 'planned'],
    ['T003', 'planned'],
  ]);
  expect((await runBin('squad-allocate', ['--check'], { cwd: root })).code).toBe(0);

  const update = await runBin('squad-allocate', ['tasks.md', '--update'], { cwd: root });
  expect([update.code, update.stdout]).toEqual([0, 'tasks.md: nothing to tick\n']);
  expect(readFileSync(join(root, 'tasks.md'), 'utf8')).toBe(DOCUMENT);

  const exported = await runBin('squad-allocate', ['tasks.md', '--export', 'spec-kit'], { cwd: root });
  expect(exported.stdout).toContain(
    '- [ ] T004 Prepare src/types.ts for T001, T002, T003 (added by squad-allocate)',
  );
  expect(exported.stdout).toContain('(depends on T004)');

  // Nothing that is done is forgotten by the second time.
  expect((await allocate(root, '--replan')).tasks.map(({ id, state }) => [id, state])).toEqual(
    done.tasks.map(({ id, state }) => [id, state]),
  );
});
