import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';

test('squad-init --tasks makes the folders, and the example of its page is a task as it stands', async () => {
  const root = testRepository();
  expect((await runBin('squad-init', ['--tasks'], { cwd: root })).code).toBe(0);
  const page = readFileSync(join(root, '.claude', 'tasks', 'README.md'), 'utf8');
  expect(readFileSync(join(root, '.claude', 'contracts', 'README.md'), 'utf8')).toContain(
    'owner: agent-2-backend',
  );
  const [, example = ''] = /```markdown\n([\s\S]*?)```/u.exec(page) ?? [];
  mkdirSync(join(root, '.claude', 'tasks'), { recursive: true });
  writeFileSync(join(root, '.claude', 'tasks', 'BACKEND-01.md'), example.replace('[DATABASE-01]', '[]'));
  const { code, stdout } = await runBin('squad-task', ['graph', '--json'], { cwd: root });
  const { tasks } = JSON.parse(stdout) as { tasks: Record<string, unknown>[] };
  expect([code, tasks.length, tasks[0]]).toMatchObject([
    0,
    1,
    {
      id: 'BACKEND-01',
      title: 'Metrics API',
      priority: 'high',
      produces: ['metrics-api'],
      acceptance: 'npm test -- metrics',
      files: { modify: ['src/metrics.ts'] },
      source: { path: '.claude/tasks/BACKEND-01.md', line: 9 },
    },
  ]);
});
