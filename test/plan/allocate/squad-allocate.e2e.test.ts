import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';
import { testdir } from '../../support/testdir.ts';

const SEED = `# Feature: User Dashboard
## Requirements
1. Frontend: React dashboard with charts
2. Backend: REST API for metrics
3. ML: Anomaly detection service
## Tasks
- Create dashboard component
- Build metrics API
- Implement ML model
- Add WebSocket updates
`;

const PROJECT = {
  'feature-prd.md': SEED,
  'frontend/src/App.tsx': 'export {};\n',
  'backend/src/server.ts': 'export {};\n',
  'ml/model.py': 'pass\n',
  'shared/types/metrics.ts': 'export {};\n',
  'package.json': '{}\n',
};

interface Printed {
  readonly agents: readonly { readonly id: string; readonly tasks: readonly string[] }[];
  readonly tasks: readonly {
    readonly id: string;
    readonly agent: string;
    readonly dependsOn: readonly string[];
  }[];
  readonly ownership: readonly { readonly path: string; readonly owner: string; readonly access: string }[];
  readonly makespanMinutes: number;
  readonly lowerBoundMinutes: number;
}

function filesUnder(folder: string, prefix = ''): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) Object.assign(files, filesUnder(path, `${prefix}${name}/`));
    else files[prefix + name] = readFileSync(path, 'utf8');
  }
  return files;
}

test('the seed document gives a frontend, a backend and an ml agent; updates wait for API and dashboard', async () => {
  const root = testRepository(PROJECT);
  const { code, stdout } = await runBin('squad-allocate', ['--json'], { cwd: root });
  expect(code).toBe(0);
  const plan = JSON.parse(stdout) as Printed;
  expect(plan.agents.map(({ id, tasks }) => [id, tasks.length])).toEqual([
    ['agent-1-frontend', 2],
    ['agent-2-backend', 1],
    ['agent-3-ml', 1],
  ]);
  const [dashboard, api, , updates] = plan.tasks;
  expect(updates?.dependsOn).toEqual([dashboard?.id, api?.id]);
  expect(updates?.agent).toBe('agent-1-frontend');
  expect(plan.ownership.map(({ path, owner, access }) => [path, owner, access])).toEqual([
    ['/backend', 'agent-2-backend', 'EXCLUSIVE'],
    ['/frontend', 'agent-1-frontend', 'EXCLUSIVE'],
    ['/ml', 'agent-3-ml', 'EXCLUSIVE'],
    ['/package.json', 'NONE', 'SEQUENTIAL'],
    ['/shared', 'NONE', 'SEQUENTIAL'],
  ]);
  expect([plan.makespanMinutes, plan.lowerBoundMinutes]).toEqual([240, 240]);
});

test('a second run writes the same bytes and says so; an agent that has begun keeps its comm file', async () => {
  const root = testRepository(PROJECT);
  await runBin('squad-allocate', [], { cwd: root });
  const first = filesUnder(join(root, '.squad'));
  expect(Object.keys(first).sort()).toEqual([
    '.run/allocation.json',
    'comms/agent-1-frontend-comm.md',
    'comms/agent-2-backend-comm.md',
    'comms/agent-3-ml-comm.md',
    'feature-prd.md',
    'ownership.yaml',
    'parallel-allocation-report.md',
    'parallel-plans/agent-1-plan.md',
    'parallel-plans/agent-2-plan.md',
    'parallel-plans/agent-3-plan.md',
  ]);
  expect(first['feature-prd.md']).toBe(SEED);
  expect(first['comms/agent-3-ml-comm.md']).toBe('## Status Update\nStatus: READY\n');
  const comm = join(root, '.squad/comms/agent-3-ml-comm.md');
  writeFileSync(comm, 'begun\n');
  const { stdout } = await runBin('squad-allocate', [], { cwd: root });
  expect(stdout).toContain('nothing changed');
  expect(filesUnder(join(root, '.squad'))).toEqual({ ...first, 'comms/agent-3-ml-comm.md': 'begun\n' });
});

test('fewer agents: the plan that is no longer needed goes, and its text is kept aside', async () => {
  const root = testRepository(PROJECT);
  await runBin('squad-allocate', [], { cwd: root });
  const former = readFileSync(join(root, '.squad/parallel-plans/agent-3-plan.md'), 'utf8');
  const { code, stdout } = await runBin('squad-allocate', ['--agents', '2'], { cwd: root });
  expect(code).toBe(0);
  expect(readdirSync(join(root, '.squad/parallel-plans'))).toEqual(['agent-1-plan.md', 'agent-2-plan.md']);
  const backup = /the former text is in (\S+)/u.exec(stdout)?.[1] ?? '';
  expect(readFileSync(join(root, backup, 'parallel-plans/agent-3-plan.md'), 'utf8')).toBe(former);
});

test('a dry run writes nothing', async () => {
  const root = testRepository(PROJECT);
  const { code, stdout } = await runBin('squad-allocate', ['--dry-run'], { cwd: root });
  expect([code, stdout.includes('nothing was written')]).toEqual([0, true]);
  expect(readdirSync(root)).not.toContain('.squad');
});

test('without a document it asks for one, with several it lists them, and neither is guessed from examples', async () => {
  const none = testRepository({ 'a.ts': '', 'templates/prd.md': SEED, 'node_modules/x/prd.md': SEED });
  const missing = await runBin('squad-allocate', [], { cwd: none });
  expect(missing.code).toBe(1);
  expect(missing.stderr).toBe(
    'error NO_PRD_FOUND: no requirements document was found (feature-prd.md, .squad/feature-prd.md, *prd*.md, *requirements*.md)\n  which file says what is to be built? run: squad-allocate path/to/it.md\n',
  );
  const two = testRepository({ 'docs/a-prd.md': SEED, 'docs/requirements.md': SEED });
  const ambiguous = await runBin('squad-allocate', ['--json'], { cwd: two });
  expect(ambiguous.code).toBe(1);
  expect(JSON.parse(ambiguous.stdout)).toMatchObject({
    error: { code: 'PRD_AMBIGUOUS', data: { candidates: ['docs/a-prd.md', 'docs/requirements.md'] } },
  });
});

test('from a sub-folder, and once allocated from the copy its edited original is still found', async () => {
  const root = testRepository({ 'docs/dashboard-prd.md': SEED });
  mkdirSync(join(root, 'docs/deep'));
  expect((await runBin('squad-allocate', [], { cwd: join(root, 'docs/deep') })).code).toBe(0);
  writeFileSync(join(root, 'docs/dashboard-prd.md'), `${SEED}- Write the README\n`);
  const again = await runBin('squad-allocate', ['--json', '--dry-run'], { cwd: root });
  expect((JSON.parse(again.stdout) as Printed).tasks).toHaveLength(5);
});

test('outside a repository, and with a wrong option, it says what to do', async () => {
  const outside = await runBin('squad-allocate', [], { cwd: testdir({ 'prd.md': SEED }) });
  expect([outside.code, outside.stderr.includes('NO_REPOSITORY')]).toEqual([1, true]);
  const root = testRepository(PROJECT);
  const many = await runBin('squad-allocate', ['--agents', 'many'], { cwd: root });
  expect([many.code, many.stderr.includes('--agents takes')]).toEqual([2, true]);
});

test('a range of agents prints what each number would give and writes nothing', async () => {
  const root = testRepository(PROJECT);
  const { code, stdout } = await runBin('squad-allocate', ['--agents', '1..3', '--json'], { cwd: root });
  expect(code).toBe(0);
  const printed = JSON.parse(stdout) as {
    recommended: number;
    alternatives: readonly { agents: number; makespanMinutes: number }[];
  };
  expect(printed.recommended).toBe(3);
  expect(printed.alternatives.map(({ agents, makespanMinutes }) => [agents, makespanMinutes])).toEqual([
    [1, 480],
    [2, 240],
    [3, 240],
  ]);
  expect(readdirSync(root)).not.toContain('.squad');
});
