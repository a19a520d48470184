import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { squadRepository, type SquadRepository } from '../support/squad-repository.ts';
import { waitFor } from '../support/wait-for.ts';

const GRAPH = `BACKEND-01: {title: API, files: [backend/api.txt], acceptance: test -s backend/api.txt}
FRONTEND-01: {title: UI, files: [frontend/ui.txt], depends_on: [BACKEND-01]}
ML-01: {title: Model, files: [ml/m.txt]}
DOCS-01: {title: Docs, files: [docs/d.txt], depends_on: [FRONTEND-01, ML-01]}
`;

const BARE_GRAPH = GRAPH.replace(/, acceptance: [^}]*/u, '');

// Writes its task's file with the list of what it found, and commits unless its task is in $LEAVE.
const AGENT = `f=$(printf '%s' "$1" | sed -n 's/^You write: //p')
mkdir -p "$(dirname "$f")"
{ cat "$f" 2>/dev/null; find . -name '*.txt' -not -path './.git*' | sort; } > "$f.new"; mv "$f.new" "$f"
echo "$SQUAD_TASK" >> "$TRACE"
case " $LEAVE " in *" $SQUAD_TASK "*) ;; *) git add -A && git commit -q -m "feat: $SQUAD_TASK";; esac
case " $FAIL " in *" $SQUAD_TASK "*) exit 9;; esac`;

interface Report {
  run: string;
  integration: string | null;
  stopped: string | null;
  items: {
    key: string;
    state: string;
    reason?: string;
    branch?: string;
    log?: string;
    attempts: unknown[];
  }[];
}

const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report;
const statesOf = (stdout: string): Record<string, string> =>
  Object.fromEntries(reportOf(stdout).items.map(({ key, state }) => [key, state]));

async function prepared(
  agent = AGENT,
  graph = GRAPH,
): Promise<{ repo: SquadRepository; args: string[]; env: Record<string, string>; trace: () => string[] }> {
  const repo = await squadRepository({ 'base.txt': 'base\n', 'task-graph.yml': graph });
  const trace = join(repo.outside, 'trace');
  writeFileSync(trace, '');
  return {
    repo,
    args: ['--json', '--grace', '300ms', '--with', `${repo.script('agent', agent)} {prompt}`],
    env: { TRACE: trace },
    trace: () => readFileSync(trace, 'utf8').split('\n').slice(0, -1),
  };
}

test('each task works in its own worktree, and a dependent starts from the merged work of what it needs', async () => {
  const { repo, args, env, trace } = await prepared();
  const before = [repo.git('rev-parse', 'HEAD'), repo.git('status', '--short')];
  const result = await repo.run(args, { ...env, LEAVE: 'ML-01' });
  expect([result.code, statesOf(result.stdout)]).toEqual([
    0,
    { 'BACKEND-01': 'done', 'FRONTEND-01': 'done', 'ML-01': 'done', 'DOCS-01': 'done' },
  ]);
  expect(trace().toSorted()).toEqual(['BACKEND-01', 'DOCS-01', 'FRONTEND-01', 'ML-01']);
  const branch = reportOf(result.stdout).integration ?? '';
  expect(repo.git('show', `${branch}:docs/d.txt`).split('\n')).toEqual([
    './backend/api.txt',
    './base.txt',
    './frontend/ui.txt',
    './ml/m.txt',
  ]);
  expect([repo.git('rev-parse', 'HEAD'), repo.git('status', '--short')]).toEqual(before);
  const plan = await runBin('squad-merge', ['plan', '--json'], { cwd: repo.root });
  expect([plan.code, JSON.stringify(JSON.parse(plan.stdout))]).toEqual([
    0,
    expect.stringContaining('"main"'),
  ]);
  expect(repo.git('merge', '--ff-only', branch)).toContain('Fast-forward');
});

test('the failure of one agent is told, stops only what depends on it, and its work stays on its branch', async () => {
  const { repo, args, env } = await prepared();
  const result = await repo.run(args, { ...env, FAIL: 'BACKEND-01' });
  expect([result.code, statesOf(result.stdout)]).toEqual([
    1,
    { 'BACKEND-01': 'failed', 'FRONTEND-01': 'failed', 'ML-01': 'done', 'DOCS-01': 'failed' },
  ]);
  const [backend, frontend, , docs] = reportOf(result.stdout).items;
  expect([backend?.reason, frontend?.reason, docs?.reason]).toEqual([
    'exit 9',
    'waits for BACKEND-01, which failed',
    'waits for FRONTEND-01, which failed',
  ]);
  expect(repo.git('show', '--format=%s', '--name-only', backend?.branch ?? '')).toBe(
    'feat: BACKEND-01\n\nbackend/api.txt',
  );
});

test('a run goes on where it failed: what is done is not done again', async () => {
  const { repo, args, env, trace } = await prepared();
  const first = await repo.run(args, { ...env, FAIL: 'FRONTEND-01' });
  const again = await repo.run([...args, '--run', reportOf(first.stdout).run, '--retry-failed'], env);
  expect([first.code, again.code]).toEqual([1, 0]);
  expect(trace().toSorted()).toEqual(['BACKEND-01', 'DOCS-01', 'FRONTEND-01', 'FRONTEND-01', 'ML-01']);
});

test('a new run leaves out what the agents have finished, and --skip counts as done', async () => {
  const { repo, args, env, trace } = await prepared();
  await repo.run([...args, '--skip', 'DOCS-01,FRONTEND-01'], env);
  const second = await repo.run(args, env);
  expect(statesOf(second.stdout)).toEqual({
    'BACKEND-01': 'skipped',
    'ML-01': 'skipped',
    'FRONTEND-01': 'done',
    'DOCS-01': 'done',
  });
  expect(trace()).toHaveLength(4);
});

test('an unknown task id is refused with a suggestion', async () => {
  const { repo, args, env } = await prepared();
  const result = await repo.run([...args, '--skip', 'BACKEND-1'], env);
  expect([result.code, JSON.parse(result.stdout)]).toMatchObject([
    1,
    {
      error: {
        code: 'TASK_UNKNOWN',
        message: 'there is no task "BACKEND-1"',
        hint: 'did you mean BACKEND-01?',
      },
    },
  ]);
});

test('work that fails its acceptance is not merged', async () => {
  const { repo, args, env } = await prepared(AGENT, GRAPH.replace('test -s', 'grep -q nothing-like-it'));
  const result = await repo.run(args, env);
  const [backend] = reportOf(result.stdout).items;
  expect([result.code, backend?.state, backend?.reason]).toEqual([
    1,
    'failed',
    'not accepted: "grep -q nothing-like-it backend/api.txt" failed',
  ]);
  expect(repo.git('ls-tree', '-r', '--name-only', reportOf(result.stdout).integration ?? '')).not.toContain(
    'backend',
  );
});

test('the gates of the settings are run for every task, and count in the coordinator', async () => {
  const graph = GRAPH.split('\n').slice(0, 1).join('\n');
  const { repo, args, env } = await prepared(AGENT, graph);
  writeFileSync(
    join(repo.root, '.squad/config.yaml'),
    'task: { gates: ["test -e backend/api.txt", "test -e x"] }\n',
  );
  const failed = await repo.run(args, env);
  expect(reportOf(failed.stdout).items[0]?.reason).toBe('not accepted: "test -e x" failed');
  writeFileSync(join(repo.root, '.squad/config.yaml'), 'task: { gates: ["test -e backend/api.txt"] }\n');
  const again = [...args, '--run', reportOf(failed.stdout).run, '--retry-failed'];
  expect(statesOf((await repo.run(again, env)).stdout)).toEqual({ 'BACKEND-01': 'done' });
  const { stdout } = await runBin('squad-sync', ['--once', '--no-act', '--json'], { cwd: repo.root });
  const { tasks } = JSON.parse(stdout) as {
    tasks: { id: string; state: string; gates: { state: string }[] }[];
  };
  expect(tasks.map(({ id, state, gates }) => [id, state, gates.map((gate) => gate.state)])).toEqual([
    ['BACKEND-01', 'complete', ['passed', 'passed']],
  ]);
}, 60_000);

test('a wave begins only after the one before is merged and valid', async () => {
  const { repo, args, env, trace } = await prepared();
  const seen = join(repo.outside, 'seen');
  const validate = `ls >> '${seen}'; test ! -e frontend`;
  const result = await repo.run([...args, '--validate', validate], env);
  expect([result.code, reportOf(result.stdout).stopped]).toEqual([
    1,
    `wave 2 is not valid: "${validate}": exit 1`,
  ]);
  expect(
    readFileSync(seen, 'utf8')
      .split('\n')
      .filter((name) => name === 'backend'),
  ).toHaveLength(2);
  expect(trace()).not.toContain('DOCS-01');
});

test('a half-finished rebase is left as it is, backed up, and told', async () => {
  const rebase = `echo mine > base.txt; git commit -qam mine; git switch -q -C other HEAD~1; echo theirs > base.txt
git commit -qam theirs; git switch -q -; git rebase other >/dev/null 2>&1; echo half > left.txt; exit 0`;
  const { repo, args, env } = await prepared(rebase, 'T-1: {title: a}\n');
  const result = await repo.run(args, env);
  const [item] = reportOf(result.stdout).items;
  expect([result.code, item?.state, item?.reason?.split(';')[0]]).toEqual([
    1,
    'failed',
    'the agent left a rebase under way',
  ]);
  const refs = repo.git('for-each-ref', '--format=%(refname)', 'refs/squad/backup/').split('\n');
  expect(refs.map((ref) => repo.git('ls-tree', '-r', '--name-only', ref))).toEqual([
    expect.stringContaining('left.txt'),
  ]);
});

test('two tasks that changed the same line: one is merged, the other is kept and named with its paths', async () => {
  const both = 'echo "$SQUAD_TASK" > base.txt; git commit -qam "feat: $SQUAD_TASK"';
  const { repo, args, env } = await prepared(both, 'T-1: {title: a}\nT-2: {title: b}\n');
  const result = await repo.run(args, env);
  const { items } = reportOf(result.stdout);
  expect([result.code, items.map(({ state }) => state).toSorted()]).toEqual([1, ['done', 'failed']]);
  const failed = items.find(({ state }) => state === 'failed');
  expect(failed?.reason).toBe(
    `conflicts with the work of others in base.txt; branch ${failed?.branch} stays`,
  );
});

test('a contract changed without its owner is reported, and is fine once it was handed over', async () => {
  const repo = await squadRepository({
    '.claude/contracts/metrics.md': '---\nowner: agent-t-2\n---\n\nold\n',
    'task-graph.yml': 'T-1: {title: a}\n',
  });
  const agent = repo.script(
    'agent',
    'echo new >> .claude/contracts/metrics.md; git commit -qam "feat: contract"',
  );
  const args = ['--json', '--with', `${agent} {prompt}`];
  const first = await repo.run(args);
  expect([first.code, reportOf(first.stdout).items[0]?.reason]).toEqual([
    1,
    'contract .claude/contracts/metrics.md was changed without its owner agent-t-2 (who hands it over with: squad-comms handoff agent-t-1 --file .claude/contracts/metrics.md)',
  ]);
  const comms = (words: readonly string[]) => runBin('squad-comms', words, { cwd: repo.root });
  const offered = await comms([
    'handoff',
    'agent-t-1',
    '--file',
    '.claude/contracts/metrics.md',
    '--agent',
    'agent-t-2',
    '--json',
  ]);
  expect(offered.code).toBe(0);
  const inbox = JSON.stringify(JSON.parse((await comms(['inbox', '--agent', 'agent-t-1', '--json'])).stdout));
  const id = /H-[0-9A-Z]+/u.exec(inbox)?.[0] ?? '';
  expect((await comms(['accept', id, '--agent', 'agent-t-1'])).code).toBe(0);
  const again = await repo.run([...args, '--run', reportOf(first.stdout).run, '--retry-failed']);
  expect([again.code, statesOf(again.stdout)]).toEqual([0, { 'T-1': 'done' }]);
});

test('one process per agent works through its whole plan', async () => {
  const graph =
    'T-1: {title: a, agent: agent-1-x}\nT-2: {title: b, agent: agent-1-x}\nT-3: {title: c, agent: agent-2-y}\n';
  const { repo, args, env, trace } = await prepared('echo "$AGENT_ID $AGENT_TYPE" >> "$TRACE"', graph);
  const result = await repo.run([...args, '--agents', 'agent-1-x,agent-2-y'], env);
  expect([result.code, trace().toSorted()]).toEqual([0, ['agent-1-x x', 'agent-2-y y']]);
  const wrong = await repo.run([...args, '--agents', 'agent-1-z'], env);
  expect(JSON.parse(wrong.stdout)).toMatchObject({
    error: { code: 'AGENT_UNKNOWN', hint: 'did you mean agent-1-x?' },
  });
});

test('in one tree nothing is committed, and everything stays for the person', async () => {
  const { repo, args, env } = await prepared('echo "$SQUAD_TASK" > "$SQUAD_TASK.txt"', BARE_GRAPH);
  const head = repo.git('rev-parse', 'HEAD');
  const result = await repo.run([...args, '--in-place'], env);
  expect([result.code, repo.git('rev-parse', 'HEAD')]).toEqual([0, head]);
  expect(existsSync(join(repo.root, 'DOCS-01.txt'))).toBe(true);
  expect(repo.git('branch', '--list', 'squad/*')).toBe('');
});

test('a dry run starts nothing and says what it would need', async () => {
  const { repo, args, env, trace } = await prepared();
  const result = await repo.run([...args, '--dry-run', '--max-concurrent', '2'], env);
  const preview = JSON.parse(result.stdout) as {
    waves: { id: string }[][];
    diskBytes: number;
    worktrees: number;
  };
  expect([result.code, preview.waves.map((wave) => wave.map(({ id }) => id)), preview.worktrees]).toEqual([
    0,
    [['BACKEND-01', 'ML-01'], ['FRONTEND-01'], ['DOCS-01']],
    4,
  ]);
  expect(preview.diskBytes).toBe(4 * (GRAPH.length + 'base\n'.length));
  expect([
    trace(),
    existsSync(join(repo.root, '.squad', 'runs')),
    repo.git('branch', '--list', 'squad/*'),
  ]).toEqual([[], false, '']);
});

test('a run without a repository or without tasks says what to do', async () => {
  const { repo } = await prepared(AGENT, 'nothing: here\n');
  const result = await runBin('squad-run', ['--with', 'echo {prompt}'], { cwd: repo.root });
  expect([result.code, result.stderr.split('\n')[0]]).toEqual([
    1,
    'error INPUT_INVALID: the task graph is not sound',
  ]);
  const client = await runBin('squad-run', ['--with', 'cluade'], { cwd: repo.root });
  expect(client.code).toBe(1);
});

// An agent that writes, says so, and then waits for the end of the world.
const SLOW = `echo "$SQUAD_TASK" >> "$TRACE"
echo "work of $SQUAD_TASK" > "$SQUAD_TASK.txt"
test "$SQUAD_TASK" = "$HANG" || { git add -A; git commit -qm "feat: $SQUAD_TASK"; exit 0; }
echo $$ > "$TRACE.pid"; trap '' TERM; while :; do sleep 0.05; done`;

function startRun(repo: SquadRepository, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [binPath('squad-run'), ...args], {
    cwd: repo.root,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.resume();
  onTestFinished(() => void child.kill('SIGKILL'));
  const end = new Promise<{ code: number | null; stdout: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout })),
  );
  return { child, end };
}

// A shell makes the file before it writes into it.
function slowAgent(env: Readonly<Record<string, string>>): number | undefined {
  const path = `${env['TRACE']}.pid`;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.endsWith('\n') ? Number(text) : undefined;
}

function doneOnDisk({ root }: SquadRepository): number {
  const runs = join(root, '.squad', 'runs');
  const items = readdirSync(runs).flatMap((run) => {
    const folder = join(runs, run, 'items');
    return existsSync(folder)
      ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
      : [];
  });
  return items.filter((text) => text.includes('"state": "done"')).length;
}

test('a runner killed half way leaves a run that goes on: nothing finished is repeated, nothing written is lost', async () => {
  const { repo, args, env, trace } = await prepared(SLOW, BARE_GRAPH);
  const slow = { ...env, HANG: 'FRONTEND-01' };
  const { child, end } = startRun(repo, args, slow);
  const pid = await waitFor('the slow agent', () => slowAgent(env));
  await waitFor('the two others', () => doneOnDisk(repo) === 2);
  child.kill('SIGKILL');
  await end;
  expect(isRunning(pid)).toBe(true);
  const status = await repo.run(['status', '--json']);
  const { runs } = JSON.parse(status.stdout) as {
    runs: { id: string; isRunning: boolean; states: Record<string, string> }[];
  };
  expect([runs[0]?.isRunning, runs[0]?.states['FRONTEND-01']]).toEqual([false, 'running']);
  const again = await repo.run([...args, '--run', runs[0]?.id ?? ''], env);
  expect([again.code, isRunning(pid), statesOf(again.stdout)['DOCS-01']]).toEqual([0, false, 'done']);
  expect(trace().toSorted()).toEqual(['BACKEND-01', 'DOCS-01', 'FRONTEND-01', 'FRONTEND-01', 'ML-01']);
  expect(repo.git('show', `${reportOf(again.stdout).integration}:FRONTEND-01.txt`)).toBe(
    'work of FRONTEND-01',
  );
});

test('Ctrl+C ends the agents by their group, keeps their work, and the run goes on later', async () => {
  const { repo, args, env } = await prepared(SLOW, BARE_GRAPH);
  const { child, end } = startRun(repo, args, { ...env, HANG: 'FRONTEND-01' });
  const pid = await waitFor('the slow agent', () => slowAgent(env));
  await waitFor('the two others', () => doneOnDisk(repo) === 2);
  child.kill('SIGINT');
  const { code, stdout } = await end;
  expect([code, isRunning(pid), reportOf(stdout).stopped]).toEqual([1, false, 'stopped on request']);
  const frontend = reportOf(stdout).items.find(({ key }) => key === 'FRONTEND-01');
  expect(frontend?.state).toBe('pending');
  expect(repo.git('show', `${frontend?.branch}:FRONTEND-01.txt`)).toBe('work of FRONTEND-01');
  expect((await repo.run([...args, '--run', reportOf(stdout).run], env)).code).toBe(0);
});

test('a second runner of the same run is told to wait, and of the same task does not start it again', async () => {
  const { repo, args, env, trace } = await prepared(SLOW, 'T-1: {title: a}\n');
  const { child, end } = startRun(repo, args, { ...env, HANG: 'T-1' });
  await waitFor('the slow agent', () => slowAgent(env));
  const [run] = (JSON.parse((await repo.run(['status', '--json'])).stdout) as { runs: { id: string }[] })
    .runs;
  const busy = await repo.run([...args, '--run', run?.id ?? ''], env);
  expect([busy.code, JSON.parse(busy.stdout)]).toMatchObject([3, { error: { code: 'RUN_BUSY' } }]);
  const other = await repo.run(args, env);
  expect([other.code, reportOf(other.stdout).items[0]?.reason, trace()]).toEqual([
    1,
    expect.stringMatching(/^T-1 is claimed by runner-/u),
    ['T-1'],
  ]);
  child.kill('SIGTERM');
  await end;
});

test('a background run is watched and ended by its id', async () => {
  const { repo, args, env } = await prepared(SLOW, 'T-1: {title: a}\n');
  const started = await repo.run([...args, '--background'], { ...env, HANG: 'T-1' });
  const { run, pid } = JSON.parse(started.stdout) as { run: string; pid: number };
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  await waitFor('the slow agent', () => slowAgent(env));
  expect((await repo.run(['status', run])).stdout).toContain(`run ${run} runs: 1 running`);
  const stopped = await repo.run(['stop', run, '--json']);
  expect([stopped.code, JSON.parse(stopped.stdout)]).toEqual([0, { run, stopped: true }]);
  expect((await repo.run(['status', run])).stdout).toContain(`run ${run} does not run: 1 pending`);
});

function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) [ZX] /u.test(readFileSync(path, 'utf8'));
}
