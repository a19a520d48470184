import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';

const DOCUMENT = `# Feature: Board
## Tasks
- Create the dashboard component in \`web/board.tsx\`
- Build the metrics API in \`api/metrics.ts\`
`;

const agentFile = (name: string, rest: string): string => `---\nname: ${name}\n${rest}\n---\nYou work.\n`;

const AGENTS = {
  '.claude/agents/react.md': agentFile('react-developer', 'description: For UI work. user: "a chart"'),
  '.claude/agents/api.md': agentFile('server-engineer', 'description: APIs\nskills: [Fastify]'),
  '.claude/agents/reviewer.md': agentFile('reviewer', 'description: Reviews\ntools: Read, Grep, Bash'),
};

async function roster(
  files: Record<string, string>,
  options: readonly string[] = [],
): Promise<{ readonly why: string; readonly agents: readonly string[] }> {
  const cwd = testRepository({ 'feature-prd.md': DOCUMENT, ...files });
  const { stdout } = await runBin('squad-allocate', ['--json', '--dry-run', ...options], { cwd });
  const plan = JSON.parse(stdout) as { rosterWhy: string; agents: { id: string }[] };
  return { why: plan.rosterWhy, agents: plan.agents.map(({ id }) => id) };
}

test('agents described for a client are the roster; who cannot write gets no tasks', async () => {
  expect(await roster(AGENTS)).toEqual({
    why: 'from .claude/agents: server-engineer (fastify, backend), react-developer (frontend); no tasks for reviewer, whose tools write no files',
    agents: ['agent-1-react-developer', 'agent-2-server-engineer'],
  });
});

test('agents without a skill of their own change nothing', async () => {
  expect(await roster({ '.claude/agents/worker.md': agentFile('worker', 'description: Works.') })).toEqual({
    why: 'built in: any agent may do any task',
    agents: ['agent-1-frontend', 'agent-2-backend'],
  });
});

test('roles of the settings come before the described agents, --roles before both', async () => {
  const files = {
    ...AGENTS,
    '.squad/config.yaml': 'roles:\n  frontend: [react]\n  backend: []\n',
    'who.yaml': 'web: [frontend]\nserver: [backend]\n',
  };
  expect((await roster(files)).why).toBe('from .squad/config.yaml: frontend (react), backend');
  expect((await roster(files, ['--roles', 'who.yaml'])).why).toBe(
    'from who.yaml (--roles): web (frontend), server (backend)',
  );
});

test('a check of a document reports what the roster cannot do, and no area that nobody is named for', async () => {
  const cwd = testRepository({
    ...AGENTS,
    'tasks.md':
      '# Tasks\n\n- [ ] T001 Write `docs/guide.md`\n- [ ] T002 Train it `a/m.py` (skills: rust)\n  - Skills: rust\n',
  });
  const { code, stdout } = await runBin('squad-allocate', ['--check', 'tasks.md', '--json'], { cwd });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; message: string }[] };
  expect(code).toBe(1);
  expect(
    diagnostics.filter(({ code: each }) => each === 'TASK_UNOWNED').map(({ message }) => message),
  ).toEqual(['no role can do T002 (needs rust)']);
});
