import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { squadRepository } from '../support/squad-repository.ts';
import { waitFor } from '../support/wait-for.ts';

const SANDBOX = ['-Umr', '--pid', '--fork', '--kill-child', '--mount-proc'];
const OUTER_PROC = ['-Umr', '--pid', '--fork', '--kill-child'];
const CAN_UNSHARE = spawnSync('unshare', [...SANDBOX, 'true']).status === 0;

// `lock NAME AGENT …` runs squad-lock as an agent and leaves its answer and exit code as files.
const LOCK = `lock() { name=$1; agent=$2; shift 2; AGENT_ID=$agent "$node" "$bin" "$@" --json >"$out/$name.part"
  code=$?; echo "$code $(cat "$out/$name.part")" >"$out/$name"; }`;

interface Sandbox {
  readonly answer: (name: string) => Promise<unknown>;
  readonly say: (line: string) => void;
  readonly ended: Promise<void>;
}

/** Runs a shell script in a namespace of pids of its own. */
function sandboxed(
  at: { readonly root: string; readonly outside: string },
  script: string,
  { namespaces = SANDBOX, env = {} }: { namespaces?: readonly string[]; env?: Record<string, string> } = {},
): Sandbox {
  const head = `out='${at.outside}'; node='${process.execPath}'; bin='${binPath('squad-lock')}'\n${LOCK}\n`;
  const child = spawn('unshare', [...namespaces, 'sh', '-c', `${head}${script}`], {
    cwd: at.root,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = endOf(child);
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    ended,
    say: (line) => child.stdin.write(`${line}\n`),
    async answer(name) {
      const path = join(at.outside, name);
      const text = await waitFor(
        name,
        () => existsSync(path) && /^\d+ .*\}\s*$/su.exec(readFileSync(path, 'utf8'))?.[0],
      );
      return told(Number.parseInt(text, 10), text.slice(text.indexOf(' ')));
    },
  };
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.on('close', () => resolve()));
}

/** What a `squad-lock` answered, as far as life and death matter. */
function told(code: number | null, json: string): unknown {
  const { kind, holders, tookOver, leases } = JSON.parse(json) as {
    readonly kind: string;
    readonly holders?: readonly { readonly agent: string; readonly alive: string }[];
    readonly tookOver?: readonly { readonly agent: string; readonly why: string }[];
    readonly leases?: readonly { readonly alive: string }[];
  };
  if (holders !== undefined) return [code, kind, ...holders.map(({ agent, alive }) => `${agent} ${alive}`)];
  return [
    code,
    kind,
    ...(leases ?? []).map(({ alive }) => alive),
    ...(tookOver ?? []).map((it) => `${it.agent} ${it.why}`),
  ];
}

async function lock(cwd: string, agent: string, ...args: readonly string[]): Promise<unknown> {
  const { code, stdout } = await runBin('squad-lock', [...args, '--json'], { cwd, env: { AGENT_ID: agent } });
  return told(code, stdout);
}

function longLived(): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
}

test.runIf(!CAN_UNSHARE)('sandboxes were NOT tried', () => {
  console.log('namespaces: no namespace of pids can be had (unshare -Umr --pid): sandboxes were NOT tried');
});

test.skipIf(!CAN_UNSHARE)(
  'a holder outside of a sandbox is not judged dead in it, nor one inside from outside',
  async () => {
    const at = await squadRepository({ 'a.ts': 'a\n' });
    expect(await lock(at.root, 'agent-outside', 'acquire', 'a.ts', '--pid', String(longLived()))).toEqual([
      0,
      'acquired',
      'alive',
    ]);
    const sandbox = sandboxed(
      at,
      `lock taken agent-2 acquire a.ts
      lock inside agent-inside acquire b.ts --pid $$
      lock again agent-2 acquire b.ts
      sleep 600 & lock short agent-short acquire c.ts --pid $!
      kill -9 $!; wait
      lock over agent-2 acquire c.ts
      read end`,
    );
    expect(await sandbox.answer('taken')).toEqual([3, 'held', 'agent-outside unknown']);
    expect(await sandbox.answer('inside')).toEqual([0, 'acquired', 'alive']);
    expect(await sandbox.answer('again')).toEqual([3, 'held', 'agent-inside alive']);
    expect(await sandbox.answer('over')).toEqual([0, 'acquired', 'unknown', 'agent-short dead']);
    expect(await lock(at.root, 'agent-3', 'acquire', 'b.ts')).toEqual([3, 'held', 'agent-inside unknown']);
    sandbox.say('end');
    await sandbox.ended;
    // It is gone, but that cannot be shown from here: its time counts.
    expect(await lock(at.root, 'agent-3', 'acquire', 'b.ts')).toEqual([3, 'held', 'agent-inside unknown']);
    expect(await lock(at.root, 'agent-2', 'verify', 'c.ts')).toEqual([0, 'valid']);
  },
);

test.skipIf(!CAN_UNSHARE)(
  'the pid of a client outside is not taken for a process of the sandbox',
  async () => {
    const at = await squadRepository({ 'a.ts': 'a\n' });
    const sandbox = sandboxed(
      at,
      `sh -c 'exec sleep 600' & own=$!
    lock client agent-1 acquire a.ts
    AGENT_PID=$own lock own agent-1 acquire b.ts
    kill -9 $own; wait`,
      { env: { CLAUDE_PID: '1' } },
    );
    expect(await sandbox.answer('client')).toEqual([0, 'acquired', 'unknown']);
    expect(await sandbox.answer('own')).toEqual([0, 'acquired', 'alive']);
  },
);

test.skipIf(!CAN_UNSHARE)('with the /proc of another namespace nobody is judged', async () => {
  const at = await squadRepository({ 'a.ts': 'a\n' });
  const sandbox = sandboxed(
    at,
    `lock pid1 agent-1 acquire a.ts --pid 1
    lock other agent-2 acquire a.ts`,
    { namespaces: OUTER_PROC },
  );
  expect(await sandbox.answer('pid1')).toEqual([0, 'acquired', 'unknown']);
  expect(await sandbox.answer('other')).toEqual([3, 'held', 'agent-1 unknown']);
  expect(await lock(at.root, 'agent-3', 'acquire', 'a.ts')).toEqual([3, 'held', 'agent-1 unknown']);
});

test.skipIf(!CAN_UNSHARE)('a lease that is moved and waited for in a sandbox keeps its process', async () => {
  const at = await squadRepository({ 'a.ts': 'a\n' });
  const sandbox = sandboxed(
    at,
    `lock first agent-1 acquire a.ts --pid $$
    lock queued agent-2 acquire a.ts --wait 60s --pid $$ & waiter=$!
    read end
    lock released agent-1 release a.ts
    wait $waiter
    read end`,
  );
  expect(await sandbox.answer('first')).toEqual([0, 'acquired', 'alive']);
  await waitFor('the waiter', () => queueOf(at.root).length === 1 && queueOf(at.root));
  // A sweep outside leaves the waiter its place and the file that wakes it.
  expect((await runBin('squad-doctor', ['--fix'], { cwd: at.root })).code).toBeLessThan(2);
  expect(queueOf(at.root)).toHaveLength(1);
  sandbox.say('end');
  expect(await sandbox.answer('queued')).toEqual([0, 'acquired', 'alive']);
  expect(await lock(at.root, 'agent-3', 'acquire', 'a.ts')).toEqual([3, 'held', 'agent-2 unknown']);
  sandbox.say('end');
  await sandbox.ended;
});

function queueOf(root: string): readonly string[] {
  const { stdout } = spawnSync(process.execPath, [binPath('squad-lock'), 'list', '--waiting', '--json'], {
    cwd: root,
    env: cleanEnvironment(),
    encoding: 'utf8',
  });
  const { waiting } = JSON.parse(stdout) as { readonly waiting: readonly { readonly agent: string }[] };
  return waiting.map(({ agent }) => agent);
}
