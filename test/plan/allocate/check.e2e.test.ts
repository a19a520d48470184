import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';
import { sarifOf } from '../../support/sarif.ts';

const DOCUMENT = `# Feature: Shop
## Tasks
- [ ] T001 Create the cart model in \`src/cart.ts\`
- [ ] T002 Create the order model in \`src/order.ts\` (depends on T001)
- [ ] T003 Extend \`src/app.ts\`
- [ ] T004 Extend \`src/app.ts\` again
- [ ] T005 Describe it in \`docs/shop.md\`
`;

async function allocated(): Promise<string> {
  const root = testRepository({ 'feature-prd.md': DOCUMENT, 'src/app.ts': 'export {};\n' });
  expect((await runBin('squad-allocate', ['--agents', '2'], { cwd: root })).code).toBe(0);
  return root;
}

function edit(root: string, path: string, from: string | RegExp, to: string): void {
  const file = join(root, '.squad', path);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
}

async function codesOf(
  root: string,
  args: readonly string[] = [],
): Promise<{ code: number | null; codes: readonly string[] }> {
  const { code, stdout } = await runBin('squad-allocate', ['--check', '--json', ...args], { cwd: root });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: readonly { code: string; severity: string }[];
  };
  return { code, codes: [...new Set(diagnostics.map((each) => each.code))] };
}

function planOf(root: string, task: string): string {
  const first = 'parallel-plans/agent-1-plan.md';
  return readFileSync(join(root, '.squad', first), 'utf8').includes(`id: ${task}`)
    ? first
    : 'parallel-plans/agent-2-plan.md';
}

test('what squad-allocate wrote passes its own check', async () => {
  expect(await codesOf(await allocated())).toEqual({ code: 0, codes: [] });
});

const BREAKAGES: readonly { name: string; code: string; breakIt: (root: string) => void }[] = [
  {
    name: 'a path that belongs to another agent',
    code: 'FILE_TWO_WRITERS',
    breakIt: (root) =>
      edit(
        root,
        planOf(root, 'T005'),
        '- docs/shop.md',
        planOf(root, 'T005') === planOf(root, 'T003') ? '- src/order.ts' : '- src/app.ts',
      ),
  },
  {
    name: 'a dependency on no task',
    code: 'TASK_ID_UNKNOWN',
    breakIt: (root) => edit(root, planOf(root, 'T005'), /(id: T005[^]*?depends_on:) \[\]/u, '$1 [T099]'),
  },
  {
    name: 'a cycle',
    code: 'TASK_CYCLE',
    breakIt: (root) => edit(root, planOf(root, 'T001'), /(id: T001[^]*?depends_on:) \[\]/u, '$1 [T002]'),
  },
  {
    name: 'a start before a dependency ends',
    code: 'TASK_TOO_EARLY',
    breakIt: (root) => edit(root, planOf(root, 'T002'), /(id: T002[^]*?start_minute:) \d+/u, '$1 5'),
  },
  {
    name: 'a file to change that is not there',
    code: 'FILE_MISSING',
    breakIt: (root) => edit(root, planOf(root, 'T003'), '- src/app.ts', '- src/gone.ts'),
  },
  {
    name: 'a task that no plan has',
    code: 'TASK_UNOWNED',
    breakIt: (root) => edit(root, planOf(root, 'T005'), 'id: T005', 'id: T050'),
  },
  {
    name: 'a task planned twice',
    code: 'TASK_ID_DUPLICATE',
    breakIt: (root) => edit(root, planOf(root, 'T005'), 'id: T005', 'id: T001'),
  },
  {
    name: 'an owner that no plan is for',
    code: 'AGENT_UNKNOWN',
    breakIt: (root) => edit(root, 'ownership.yaml', /owner: agent-1-\w+/u, 'owner: nobody-here'),
  },
  {
    name: 'a body that says otherwise',
    code: 'PLAN_BODY_DIFFERS',
    breakIt: (root) => edit(root, planOf(root, 'T003'), '- Dependencies: none', '- Dependencies: T005'),
  },
  {
    name: 'a header that is not YAML',
    code: 'YAML_INVALID',
    breakIt: (root) => edit(root, 'parallel-plans/agent-1-plan.md', 'version: 1', 'version: [1'),
  },
  {
    name: 'a field of the wrong kind',
    code: 'FIELD_INVALID',
    breakIt: (root) =>
      edit(root, 'parallel-plans/agent-1-plan.md', /estimate_minutes: \d+/u, 'estimate_minutes: soon'),
  },
  {
    name: 'a path outside the repository',
    code: 'PATH_INVALID',
    breakIt: (root) => edit(root, planOf(root, 'T005'), '- docs/shop.md', '- ../secret.md'),
  },
];

for (const { name, code, breakIt } of BREAKAGES) {
  test(`the check finds ${name}`, async () => {
    const root = await allocated();
    breakIt(root);
    const found = await codesOf(root);
    expect(found.code).toBe(1);
    expect(found.codes).toContain(code);
  });
}

const FALSE_PARALLEL = `# Tasks: Shop

## Phase 1: Setup
- [ ] T001 [P] Create src/a.ts
- [ ] T002 [P] Extend src/a.ts
- [ ] T003 [P] Create src/b.ts (depends on T009)

## Phase 2: Polish
- [ ] T004 [P] Extend src/b.ts
- [ ] T005 Extend src/c.ts
`;

test("anyone's plan: parallel marks on one file and missing dependencies, at their lines, for people and for hosts", async () => {
  const root = testRepository({ 'specs/1/tasks.md': FALSE_PARALLEL, 'src/c.ts': '' });
  const { code, stdout } = await runBin('squad-allocate', ['--check', 'specs/1/tasks.md', '--github'], {
    cwd: root,
  });
  expect(code).toBe(1);
  expect(stdout).toContain('::error file=specs/1/tasks.md,line=5,');
  expect(stdout).toContain(
    'title=FILE_TWO_WRITERS::T001 and T002 are marked parallel, but both write src/a.ts',
  );
  expect(stdout).not.toContain('T004');
  const sarif = await runBin('squad-allocate', ['--check', 'specs/1/tasks.md', '--sarif'], { cwd: root });
  const log = sarifOf(sarif.stdout);
  expect(log.runs[0]?.results.map(({ ruleId }) => ruleId)).toContain('FILE_TWO_WRITERS');
});

test('a clean document passes', async () => {
  const root = testRepository({
    'src/c.ts': '',
    'tasks.md': FALSE_PARALLEL.replace('Extend src/a.ts', 'Create src/d.ts').replace(
      ' (depends on T009)',
      '',
    ),
  });
  expect(await codesOf(root, ['tasks.md'])).toEqual({ code: 0, codes: [] });
});
