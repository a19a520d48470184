import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identifyProcess } from '#store';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';

const DOCUMENT = `# Feature: Shop
## Tasks
- [ ] T001 Create \`src/a.ts\`
- [ ] T002 Create \`src/b.ts\`
- [ ] T003 Extend \`src/a.ts\` (depends on T002)
- [ ] T004 Create \`src/c.ts\`
- [ ] T005 Create \`src/d.ts\`
- [ ] T006 Create \`src/e.ts\` (depends on T001)
`;

interface Printed {
  readonly agents: readonly { readonly id: string; readonly tasks: readonly string[] }[];
  readonly tasks: readonly {
    readonly id: string;
    readonly agent: string;
    readonly state: string;
    readonly startMinute: number;
    readonly dependsOn: readonly string[];
  }[];
  readonly changes: readonly { readonly id: string; readonly kind: string; readonly why: string }[];
}

async function allocate(root: string, ...args: readonly string[]): Promise<Printed> {
  const { code, stdout, stderr } = await runBin('squad-allocate', ['--json', ...args], { cwd: root });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Printed;
}

const agentOf = (plan: Printed, id: string): string | undefined =>
  plan.tasks.find((task) => task.id === id)?.agent;

async function begin(): Promise<{ root: string; first: Printed }> {
  const root = testRepository({ 'feature-prd.md': DOCUMENT });
  const first = await allocate(root, '--agents', '2');
  return { root, first };
}

async function post(root: string, agent: string, ...args: readonly string[]): Promise<void> {
  const result = await runBin('squad-comms', args, { cwd: root, env: { AGENT_ID: agent } });
  expect(result.code).toBe(0);
}

test('finished and running tasks stay where they are, as they were', async () => {
  const { root, first } = await begin();
  const [one, two] = [agentOf(first, 'T001') ?? '', agentOf(first, 'T002') ?? ''];
  await post(root, one, 'status', 'ACTIVE', '--task', 'T001');
  await post(root, one, 'done', '--task', 'T001', '--evidence', 'true');
  await post(root, two, 'status', 'ACTIVE', '--task', 'T002');
  const again = await allocate(root);
  const state = new Map(again.tasks.map((task) => [task.id, `${task.agent} ${task.state}`]));
  expect([state.get('T001'), state.get('T002')]).toEqual([`${one} done`, `${two} running`]);
  expect(again.agents.map(({ id }) => id)).toEqual(first.agents.map(({ id }) => id));
  expect((await runBin('squad-allocate', ['--check'], { cwd: root })).code).toBe(0);
});

test('re-planning after a task was added moves nothing that need not move, and says what is new', async () => {
  const { root, first } = await begin();
  writeFileSync(join(root, 'feature-prd.md'), `${DOCUMENT}- [ ] T007 Create \`src/f.ts\`\n`);
  const again = await allocate(root, '--replan');
  for (const { id, agent } of first.tasks) expect(agentOf(again, id)).toBe(agent);
  expect(again.changes).toEqual([
    { id: 'T007', kind: 'added', to: agentOf(again, 'T007'), why: 'the document has it now' },
  ]);
  expect(readFileSync(join(root, '.squad/parallel-allocation-report.md'), 'utf8')).toContain(
    '## Changes since the plan before',
  );
});

test('a task that the document drops is dropped, unless somebody runs it', async () => {
  const { root, first } = await begin();
  await post(root, agentOf(first, 'T005') ?? '', 'status', 'ACTIVE', '--task', 'T005');
  writeFileSync(join(root, 'feature-prd.md'), DOCUMENT.replace(/- \[ \] T00[45].*\n/gu, ''));
  const again = await allocate(root);
  expect(again.changes.filter(({ kind }) => kind === 'dropped').map(({ id }) => id)).toEqual(['T004']);
  expect(agentOf(again, 'T005')).toBe(agentOf(first, 'T005'));
});

test('a running task that the document dropped keeps its agent and files to its end, and the rest is planned around it', async () => {
  const { root, first } = await begin();
  const agent = agentOf(first, 'T001') ?? '';
  await post(root, agent, 'status', 'ACTIVE', '--task', 'T001');
  writeFileSync(
    join(root, 'feature-prd.md'),
    DOCUMENT.replace(/- \[ \] T001.*\n/u, '').replace(' (depends on T001)', ''),
  );
  const again = await allocate(root, '--replan');
  const spans = again.tasks
    .filter((task) => task.agent === agent || task.id === 'T003')
    .map(({ id, startMinute }) => [id, startMinute] as const);
  expect(again.tasks.find(({ id }) => id === 'T001')).toMatchObject({
    agent,
    state: 'running',
    startMinute: 0,
  });
  for (const [id, startMinute] of spans) if (id !== 'T001') expect(startMinute).toBeGreaterThanOrEqual(120);
  expect(again.changes.find(({ id }) => id === 'T001')).toMatchObject({
    kind: 'kept',
    why: 'it is running, though the document no longer asks for it; the rest is planned around it',
  });
});

test('what a finished task wrote is no longer planned: another may own it now', async () => {
  const { root, first } = await begin();
  const agent = agentOf(first, 'T004') ?? '';
  await post(root, agent, 'status', 'ACTIVE', '--task', 'T004');
  const matrix = join(root, '.squad/ownership.yaml');
  writeFileSync(
    matrix,
    `${readFileSync(matrix, 'utf8')}\n/src/c.ts:\n  owner: ${first.agents.find(({ id }) => id !== agent)?.id}\n  access: EXCLUSIVE\n`,
  );
  expect((await runBin('squad-allocate', ['--check'], { cwd: root })).stdout).toMatch(
    /T004 .* writes src\/c\.ts/u,
  );
  await post(root, agent, 'done', '--task', 'T004', '--evidence', 'true');
  expect((await runBin('squad-allocate', ['--check'], { cwd: root })).stdout).not.toMatch(/T004/u);
});

test('of two runs at once the second waits; what a killed run left is taken over', async () => {
  const root = testRepository({ 'feature-prd.md': DOCUMENT });
  const both = await Promise.all([
    runBin('squad-allocate', ['--agents', '2'], { cwd: root }),
    runBin('squad-allocate', ['--agents', '3'], { cwd: root }),
  ]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect((await runBin('squad-allocate', ['--check'], { cwd: root })).code).toBe(0);
  const mark = join(root, '.squad/.run/allocating.json');
  const dead = { ...identifyProcess(process.pid), pid: 2 ** 22 + 1 };
  writeFileSync(mark, `${JSON.stringify(dead)}\n`);
  expect((await runBin('squad-allocate', [], { cwd: root })).code).toBe(0);
  writeFileSync(mark, `${JSON.stringify(identifyProcess(process.pid))}\n`);
  const refused = await runBin('squad-allocate', [], { cwd: root });
  expect([refused.code, refused.stdout, refused.stderr]).toEqual([
    3,
    `another squad-allocate (process ${process.pid}) is writing the plans; nothing was written\n  try again: squad-allocate\n`,
    '',
  ]);
});
