// The main job from end to end, with real processes: npm run demo [-- --keep]
// Exits 0 only if every invariant held.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokenInvariants } from './invariants.mjs';
import { commitAll, createProject, git } from './project.mjs';
import { binCommand, squadJson } from './squad.mjs';

const keep = process.argv.includes('--keep');
const TIMEOUT_MS = 60_000;
// On a terminal the coordinator's board has the screen; elsewhere everybody says what they do, line by line.
const chatter = process.stdout.isTTY ? 'ignore' : 'inherit';
const root = mkdtempSync(join(tmpdir(), 'dotsquad demo '));
const children = new Set();
const at = { cwd: root };

try {
  process.exitCode = await demo();
} finally {
  for (const child of children) child.kill('SIGKILL');
  if (keep) print(`\nkept: ${root}`);
  else rmSync(root, { recursive: true, force: true });
}

async function demo() {
  print(`a repository with frontend, backend, ml and shared types: ${root}\n`);
  createProject(root);
  await squadJson('squad-init', [], at);
  const { value: allocation } = await squadJson('squad-allocate', ['feature-prd.md'], at);
  commitAll(root, 'Allocate the work');
  git(root, 'branch', 'allocated');
  print(
    `squad-allocate feature-prd.md: ${allocation.agents.length} agents, ${allocation.tasks.length} tasks`,
  );
  for (const { id, title, agent, dependsOn } of allocation.tasks) {
    print(`  ${id}  ${title}  →  ${agent}${dependsOn.length > 0 ? `  (after ${dependsOn.join(', ')})` : ''}`);
  }
  print('');

  const coordinator = start('squad-sync', ['--watch', '--interval', '500ms']);
  const began = performance.now();
  const deadline = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), TIMEOUT_MS);
  const agents = await Promise.all(allocation.agents.map(({ id }) => runAgent(id)));
  clearTimeout(deadline);
  const wallMs = performance.now() - began;

  coordinator.kill('SIGTERM');
  await ended(coordinator);
  const { value: status } = await squadJson('squad-sync', ['--once'], at, [0, 1]);
  const { value: locks } = await squadJson('squad-lock', ['list'], at);
  const broken = brokenInvariants({ root, allocation, agents, locks, status });
  report({ allocation, wallMs, agents, broken });
  return broken.length === 0 ? 0 : 1;
}

function start(bin, args, env = {}) {
  const [program, script] = binCommand(bin);
  return own(
    spawn(program, [script, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: [process.stdout.isTTY ? 'inherit' : 'ignore', 'inherit', 'inherit'],
    }),
  );
}

function own(child) {
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

function ended(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });
}

async function runAgent(id) {
  const script = new URL('agent.mjs', import.meta.url).pathname;
  const env = { ...process.env, AGENT_ID: id };
  const child = own(
    spawn(process.execPath, [script], { cwd: root, env, stdio: ['ignore', chatter, 'inherit', 'ipc'] }),
  );
  let workMs = 0;
  child.on('message', ({ ms }) => (workMs += ms));
  const code = await ended(child);
  // One that failed would leave the others waiting for it.
  if (code !== 0) children.forEach((other) => other.kill('SIGTERM'));
  return { id, code, workMs };
}

function report({ allocation, wallMs, agents, broken }) {
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  const workMs = agents.reduce((sum, agent) => sum + agent.workMs, 0);
  const planned = allocation.tasks.reduce((sum, { estimateMinutes }) => sum + estimateMinutes, 0);
  print(
    `planned:  ${planned} min of tasks in ${allocation.makespanMinutes} min, a speed-up of ${(planned / allocation.makespanMinutes).toFixed(2)}`,
  );
  print(
    `measured: ${seconds(workMs)} of tasks in ${seconds(wallMs)}, a speed-up of ${(workMs / wallMs).toFixed(2)}\n`,
  );
  print(git(root, 'log', '--format=%h %an: %s', 'allocated..HEAD'));
  print(
    broken.length === 0 ? '\nevery invariant held; no lock is left' : `\nBROKEN:\n  ${broken.join('\n  ')}`,
  );
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
