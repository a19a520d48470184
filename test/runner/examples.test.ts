import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binPath, cleanEnvironment } from '../support/bins.ts';
import { squadRepository, type SquadRepository } from '../support/squad-repository.ts';
import { waitFor } from '../support/wait-for.ts';

const EXAMPLES = new URL('../../examples/runs/', import.meta.url);
const example = (name: string): string => readFileSync(new URL(name, EXAMPLES), 'utf8');

// Every command in the table, by the name of its pattern.
const ROWS = [...example('README.md').matchAll(/^\| (.+?) \| (`.+) \|$/gmu)].map(
  ([, pattern = '', cell = '']) =>
    [pattern, [...cell.matchAll(/`(.+?)`/gu)].map(([, command = '']) => command).filter(isCommand)] as const,
);

function isCommand(text: string): boolean {
  return text.startsWith('squad-run ');
}

// Stands in for every client: writes the files of its task, finds nothing when it reviews.
const AGENT = `prompt="$(cat) $*"
for file in $(printf '%s' "$prompt" | sed -n 's/^You write: //p' | tr -d ','); do
  mkdir -p "$(dirname "$file")" && echo "by $AGENT_ID" > "$file"
done
echo '{"type":"result","subtype":"success","is_error":false,"result":"{\\"findings\\": []}","total_cost_usd":0.01}'`;

const CODEX = `echo '{"type":"item.completed","item":{"type":"agent_message","text":"{\\"findings\\": []}"}}'
prompt="$*"
for file in $(printf '%s' "$prompt" | sed -n 's/^You write: //p'); do echo "by codex" > "$file"; done
echo '{"type":"turn.completed","usage":{"input_tokens":1,"output_tokens":1}}'`;

async function project(): Promise<{ repo: SquadRepository; sh: (command: string) => string }> {
  const plan = (agent: string, id: string, path: string): string =>
    `---\nversion: 1\nagent: ${agent}\nrole: x\nfeature: Search\nprd_hash: sha256:${'0'.repeat(64)}\ntasks:\n  - id: ${id}\n    title: ${id}\n    files: { create: [${path}], modify: [], read: [] }\n    depends_on: []\n    estimate_minutes: 10\n    start_minute: 0\n---\n`;
  const repo = await squadRepository({
    'task-graph.yml': example('task-graph.yml'),
    'pipeline.yml': example('pipeline.yml'),
    'package.json': '{"scripts": {"test": "true"}}\n',
    'src/a.js': '1;\n',
    'src/b.js': '2;\n',
    'src/search.js': '3;\n',
    'plans/agent-1-plan.md': plan('agent-1-frontend', 'F-1', 'src/f.js'),
    'plans/agent-2-plan.md': plan('agent-2-backend', 'B-1', 'src/b2.js'),
  });
  repo.script('claude', AGENT);
  repo.script('codex', CODEX);
  repo.script('my-codemod', 'echo "// $1" >> "$1"');
  repo.script('squad-run', `exec '${process.execPath}' '${binPath('squad-run')}' "$@"`);
  const env = { ...cleanEnvironment(), PATH: `${repo.outside}:${process.env['PATH'] ?? ''}` };
  return {
    repo,
    sh(command) {
      const run = spawnSync('sh', ['-c', command], { cwd: repo.root, env, encoding: 'utf8' });
      expect(run.status, `${command}\n${run.stdout}${run.stderr}`).toBe(0);
      return run.stdout;
    },
  };
}

const lastRun = (sh: (command: string) => string): string =>
  (JSON.parse(sh('squad-run status --json')) as { runs: { id: string }[] }).runs.at(-1)?.id ?? '';

test('the table names every pattern', () => {
  expect(ROWS.map(([, commands]) => commands.length)).toEqual([1, 1, 1, 1, 2, 1, 1, 3, 1]);
});

test.each(ROWS)('%s: its commands run as they stand', async (pattern, commands) => {
  const { repo, sh } = await project();
  const head = repo.git('rev-parse', 'HEAD');
  if (pattern.includes('cross')) sh('squad-run --with claude');
  for (const command of commands) {
    const from = command.includes('--agents') ? ' --from plans' : '';
    const run = command.includes('RUN') ? lastRun(sh) : '';
    sh(`${command}${from}`.replace('RUN', run).replace('TRY', 'SEARCH-01.try-1'));
  }
  if (pattern.includes('many files')) {
    sh(commands[0]?.replace('--first 3', '--resume') ?? '');
    expect(repo.git('diff', '--stat')).toContain('3 files changed');
  }
  if (pattern.includes('background')) {
    const states = (): string => sh(`squad-run status ${lastRun(sh)} --json`);
    await waitFor('the end of the background run', () => states().includes('"isRunning": false'));
  }
  expect(repo.git('rev-parse', 'HEAD')).toBe(head);
});

test('the program runs the graph through the package, and tells what its agents do', async () => {
  const { repo } = await project();
  const text = example('run-plans.mjs');
  const source = text.replace(
    "'dotsquad/runner'",
    `'${join(binPath('dotsquad'), '../../../runner/index.js')}'`,
  );
  const env = { ...cleanEnvironment(), PATH: `${repo.outside}:${process.env['PATH'] ?? ''}` };
  const run = spawnSync(process.execPath, ['--input-type=module', '-', 'claude'], {
    cwd: repo.root,
    env,
    input: source.replace('process.argv[2]', 'process.argv.at(-1)'),
    encoding: 'utf8',
  });
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toMatch(/SEARCH-01 usage[\s\S]*SEARCH-03 done\s*\nfinished work: squad\/run-/u);
});
