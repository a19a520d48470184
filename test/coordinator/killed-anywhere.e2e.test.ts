import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

// DOTSQUAD_TORTURE=1 kills at every one of them.
const EVERY = process.env['DOTSQUAD_TORTURE'] === undefined ? 37 : 1;
const CHANGING = 'rename,link,unlink,mkdir,rmdir,fsync,write,pwrite64,ftruncate,utime,utimensat';
const HAS_STRACE =
  process.platform === 'linux' &&
  spawnSync('strace', ['-o', '/dev/null', '-e', 'trace=write', 'true']).status === 0;

const plan = (agent: string, tasks: readonly string[]): string => `---
version: 1
agent: ${agent}
role: developer
feature: Totals
prd_hash: sha256:${'0'.repeat(64)}
tasks:
${tasks.map((task) => `  - { ${task}, estimate_minutes: 10, start_minute: 0 }`).join('\n')}
---
# ${agent}
`;
const files = (path: string): string => `files: { create: [], modify: [${path}], read: [] }`;

// Everything that a coordinator may do is due here at once.
async function scene(): Promise<string> {
  const root = testRepository({
    '.gitignore': '.squad/\n',
    '.squad/README.md': 'squad\n',
    '.squad/config.yaml':
      'sync: { policy: { reassign-task: act }, notify: "echo $SQUAD_MESSAGE >> told.txt" }\n',
    '.squad/ownership.yaml': '/a.txt: { owner: agent-1, access: EXCLUSIVE }\n',
    'a.txt': 'a\n',
    'b.txt': 'b\n',
    '.squad/parallel-plans/agent-1-plan.md': plan('agent-1', [
      `id: T-1, title: One, depends_on: [], ${files('a.txt')}`,
    ]),
    '.squad/parallel-plans/agent-2-plan.md': plan('agent-2', [
      `id: T-2, title: Two, depends_on: [], ${files('b.txt')}, checkpoint: true, acceptance: "true"`,
      `id: T-3, title: Three, depends_on: [T-2], ${files('c.txt')}`,
      `id: T-4, title: Four, depends_on: [], ${files('d.txt')}, checkpoint: true, acceptance: "true"`,
    ]),
  });
  const as = async (agent: string, bin: Parameters<typeof runBin>[0], ...args: readonly string[]) => {
    const { code, stderr } = await runBin(bin, args, { cwd: root, env: { AGENT_ID: agent } });
    expect([args.join(' '), code, code === 0 ? '' : stderr]).toEqual([args.join(' '), 0, '']);
  };
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void holder.kill('SIGKILL'));
  for (const id of ['T-2', 'T-4']) {
    await as('agent-2', 'squad-task', 'start', id);
    await as('agent-2', 'squad-task', 'done', id);
  }
  await as('human-ada', 'squad-task', 'approve', 'T-2');
  appendFileSync(
    join(root, '.squad/comms/agent-2-comm.md'),
    '\n## Handoff Request 2026-01-01T00:00:00Z\nID: H-OLD\nFROM: agent-2\nTO: agent-1\nFILE: b.txt\n',
  );
  await as('agent-1', 'squad-comms', 'status', 'ACTIVE', '--task', 'T-1', '--files', 'a.txt');
  await as('agent-1', 'squad-lock', 'acquire', 'a.txt', '--pid', String(holder.pid));
  writeFileSync(join(root, 'a.txt'), 'work of agent-1\n');
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await gone;
  return root;
}

/** One look under strace, in a copy of the scene; killed at that call if one is named. */
function lookTraced(from: string, kill?: { readonly call: string; readonly nth: number }) {
  const root = join(testdir(), 'repo');
  cpSync(from, root, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const log = `${root}.strace`;
  const inject = kill === undefined ? [] : ['-e', `inject=${kill.call}:signal=KILL:when=${kill.nth}`];
  const args = [
    '-o',
    log,
    '-e',
    `trace=${CHANGING}`,
    ...inject,
    process.execPath,
    binPath('squad-sync'),
    '--once',
  ];
  const child = spawn('strace', args, { cwd: root, env: cleanEnvironment(), stdio: 'ignore' });
  return new Promise<{ readonly root: string; readonly calls: readonly string[] }>((resolve) => {
    child.once('exit', () => {
      const lines = readFileSync(log, 'utf8').split('\n');
      resolve({ root, calls: lines.map((line) => /^(\w+)\(/u.exec(line)?.[1] ?? '').filter(Boolean) });
    });
  });
}

const count = (text: string, part: string): number => text.split(part).length - 1;

async function expectAllDoneOnce(root: string, where: string): Promise<void> {
  const mutex = join(root, '.squad/.run/coordinator.lock');
  // As six seconds later: the mutex of the dead is stale then.
  if (existsSync(mutex)) utimesSync(mutex, new Date(0), new Date(0));
  const look = async () => {
    const { stdout } = await runBin('squad-sync', ['--once', '--json'], { cwd: root });
    return JSON.parse(stdout) as Record<string, { id?: string; state?: string; agent?: string }[]>;
  };
  await look();
  const record = await look();
  const said = readFileSync(join(root, '.squad/comms/coordinator-comm.md'), 'utf8');
  const owned = readFileSync(join(root, '.squad/ownership.yaml'), 'utf8');
  const taken = readFileSync(join(root, '.squad/parallel-plans/agent-2-plan.md'), 'utf8');
  const ref = /^Diff Ref: (\S+)$/mu.exec(said)?.[1];
  expect({
    where,
    notices: count(said, '## Task Reassignment Notice'),
    expired: count(said, '## Handoff Expired'),
    approvals: count(said, 'T-2 was approved by human-ada'),
    raised: count(said, 'T-4 Four is done and waits for your approval'),
    rows: count(owned, '"/a.txt"') + count(owned, 'owner: agent-1'),
    copies: count(taken, 'reassigned_from: agent-1'),
    saved: ref === undefined ? '' : gitIn(root, 'show', `${ref}:a.txt`),
    tree: readFileSync(join(root, 'a.txt'), 'utf8'),
    states: record['tasks']?.map(({ id, agent, state }) => `${id} ${agent} ${state}`),
    leases: record['leases']?.map(({ agent }) => agent),
    due: record['actions'],
    unreadable: record['unreadable'],
    isTold: existsSync(join(root, 'told.txt')),
  }).toEqual({
    where,
    notices: 1,
    expired: 1,
    approvals: 1,
    raised: 1,
    rows: 1,
    copies: 1,
    saved: 'work of agent-1',
    tree: 'work of agent-1\n',
    states: ['T-1 agent-2 ready', 'T-2 agent-2 complete', 'T-3 agent-2 ready', 'T-4 agent-2 review'],
    leases: ['agent-2'],
    due: [],
    unreadable: 0,
    isTold: true,
  });
}

test.runIf(HAS_STRACE)(
  'killed at any call that changes a file, the next coordinator does everything that is due, once',
  async () => {
    const from = await scene();
    const { root, calls } = await lookTraced(from);
    await expectAllDoneOnce(root, 'not killed');
    const points = calls.map((call, index) => ({
      call,
      nth: calls.slice(0, index + 1).filter((each) => each === call).length,
    }));
    expect(points.length).toBeGreaterThan(60);
    for (const point of points.filter((_, index) => index % EVERY === EVERY - 1)) {
      const killed = await lookTraced(from, point);
      await expectAllDoneOnce(killed.root, `${point.call} ${point.nth}`);
    }
  },
  EVERY === 1 ? 7_200_000 : 300_000,
);
