// How fast and how heavy the coordinator is: npm run bench:coordinator [-- --agents 100 --messages 100000]
// 1. From the append of a block to the updated status.json, with the real watch process.
// 2. A tick's cost after a history of many messages, when nothing and when one thing changed.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '10' },
    messages: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '60' },
  },
});
const [agents, messages, rounds] = [values.agents, values.messages, values.rounds].map(Number);
const bin = fileURLToPath(new URL('../dist/cli/bin/squad-sync.js', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'squad bench '));
const comm = (agent) => join(root, '.squad/comms', `agent-${agent}-comm.md`);
const block = (n) =>
  `\n## Status Update ${new Date().toISOString()}\nStatus: ACTIVE\nCurrent Task: T-${n % 50} Work\nProgress: ${n % 5}/5 tasks complete\nNext: step ${n}\n`;

execFileSync('git', ['init', '--quiet', root]);
mkdirSync(join(root, '.squad/comms'), { recursive: true });
const each = Math.ceil(messages / agents);
for (let agent = 1; agent <= agents; agent += 1)
  appendFileSync(comm(agent), Array.from({ length: each }, (_, n) => block(n)).join(''));

const watcher = spawn(process.execPath, [bin, '--watch', '--interval', '2s'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  const status = join(root, '.squad/reports/status.json');
  const started = performance.now();
  while (!existsSync(status)) await pause(10);
  const first = performance.now() - started;
  const before = cpuMs(watcher.pid);
  await pause(10_000);
  const idle = (cpuMs(watcher.pid) - before) / 10;
  const latencies = [];
  for (let round = 0; round < rounds; round += 1) {
    const mark = `mark ${round}`;
    const began = performance.now();
    appendFileSync(comm(1 + (round % agents)), block(round).replace(/step \d+/u, mark));
    while (!readFileSync(status, 'utf8').includes(`"${mark}"`)) await pause(2);
    latencies.push(performance.now() - began);
    await pause(150);
  }
  latencies.sort((a, b) => a - b);
  const at = (part) => Math.round(latencies[Math.ceil(latencies.length * part) - 1]);
  console.log(`${agents} agents, ${messages} messages of history (${Math.round(size() / 1024)} KiB)`);
  console.log(
    `first status after ${Math.round(first)} ms; then idle ${idle.toFixed(1)} ms CPU a second; ${memoryMb(watcher.pid)} MB resident`,
  );
  console.log(
    `append to updated status: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (${rounds} rounds)`,
  );
} finally {
  watcher.kill('SIGTERM');
  await new Promise((resolve) => watcher.once('exit', resolve));
  rmSync(root, { recursive: true, force: true });
}

function size() {
  return Array.from({ length: agents }, (_, index) => statSync(comm(index + 1)).size).reduce(
    (a, b) => a + b,
    0,
  );
}

function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function memoryMb(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
}
