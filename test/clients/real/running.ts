import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cleanEnvironment, runBin, type BinResult } from '../../support/bins.ts';
import { writeIn } from '../../support/guarded.ts';
import { squadRepository, type SquadRepository } from '../../support/squad-repository.ts';
import { testdir } from '../../support/testdir.ts';
import { ensureClient } from './client-cache.ts';
import { modelFor, type Driver } from './real-client.ts';
import type { ScriptedModel, Scripts } from './scripted-model.ts';

/** A repository with tasks, a scripted model, and the environment in which `squad-run` finds the real client. */
export interface Running {
  readonly repo: SquadRepository;
  readonly model: ScriptedModel;
  readonly env: Readonly<Record<string, string>>;
}

/** Two tasks; the second starts from the first one's merged work. */
export const TWO_TASKS = `API-01: {title: The API, files: [api.txt], acceptance: grep -q two api.txt}
UI-01: {title: The UI, files: [ui.txt], depends_on: [API-01]}
`;

const PROMPT = readFileSync(new URL('../../../templates/prompts/task.md', import.meta.url), 'utf8');

/** Prepares a repository in which the client's hooks are installed and these tasks are planned; a task's script bears its id. */
export async function prepareRun(driver: Driver, scripts: Scripts, graph = TWO_TASKS): Promise<Running> {
  const repo = await squadRepository({
    'api.txt': 'one\n',
    'ui.txt': 'one\n',
    'theirs.txt': 'bob\n',
    'task-graph.yml': graph,
  });
  await runBin('squad-init', [`--${driver.name}`], { cwd: repo.root });
  writeIn(repo.root, '.squad/prompts/task.md', `${PROMPT}\n@@script:{{id}}\n`);
  writeIn(repo.root, '.squad/ownership.yaml', '/theirs.txt: { owner: bob, access: EXCLUSIVE }\n');
  repo.git('add', '--all');
  repo.git('commit', '--quiet', '--message', 'Install');
  const model = await modelFor(driver, scripts);
  const session = { cwd: repo.root, root: repo.root, model, script: '', agent: '' };
  const { env } = driver.start(session);
  return {
    repo,
    model,
    env: {
      HOME: testdir(),
      PATH: `${programs(driver)}:${cleanEnvironment()['PATH'] ?? ''}`,
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      NO_PROXY: '127.0.0.1,localhost',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      GIT_CONFIG_GLOBAL: '/dev/null',
      // The runner's own retries are looked at, not the client's.
      CLAUDE_CODE_MAX_RETRIES: '0',
      ...env,
    },
  };
}

// Codex leaves out hooks that its user has not trusted; the shim stands for a user who did.
function programs({ name }: Driver): string {
  const program = ensureClient(name);
  if (name !== 'codex') return dirname(program);
  const folder = testdir();
  const shim = `#!/bin/sh\nshift\nexec '${program}' exec --dangerously-bypass-hook-trust "$@"\n`;
  writeFileSync(join(folder, 'codex'), shim, { mode: 0o755 });
  return folder;
}

/** One item of `squad-run --json`. */
export interface ReportedItem {
  readonly key: string;
  readonly state: string;
  readonly reason?: string;
  readonly log?: string;
  readonly attempts: readonly {
    readonly reason?: string;
    readonly session?: string;
    readonly tokens?: number;
    readonly costUsd?: number;
    readonly durationMs?: number;
    readonly denied?: readonly { readonly tool: string; readonly reason: string }[];
  }[];
}

/** What `squad-run --json` said. */
export function reportOf(result: BinResult): {
  readonly run: string;
  readonly integration: string;
  readonly items: readonly ReportedItem[];
} {
  return JSON.parse(result.stdout) as ReturnType<typeof reportOf>;
}
