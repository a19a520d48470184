// An hour of a squad's traffic, compressed, with the real watch process beside it: npm run bench:coordinator
// Its CPU and memory under 10^5 messages and 10^5 lock events, and what an idle second and one more message cost it
// before and after: a tick's cost must grow with what changed, not with history.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, openJournal, randomBytes, systemClock } from '#store';

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '10,100,1000' },
    messages: { type: 'string', default: '100000' },
    locks: { type: 'string', default: '100000' },
  },
});
const [messages, lockEvents] = [values.messages, values.locks].map(Number);
const bin = fileURLToPath(new URL('../dist/cli/bin/squad-sync.js', import.meta.url));
const PROBES = 20;

for (const agents of values.agents.split(',').map(Number)) await liveThrough(agents);

async function liveThrough(agents) {
  const root = mkdtempSync(join(tmpdir(), 'squad hour '));
  const squadDir = join(root, '.squad');
  execFileSync('git', ['init', '--quiet', root]);
  mkdirSync(join(squadDir, 'comms'), { recursive: true });
  for (let agent = 0; agent < agents; agent += 1) say(squadDir, agent, 'begin');
  const args = [bin, '--watch', '--interval', '2s'];
  const watcher = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await reported(squadDir, 'begin');
    const before = await costs(watcher.pid, squadDir, 'before');
    const [cpu, started] = [cpuMs(watcher.pid), performance.now()];
    traffic(squadDir, agents);
    const lasted = (performance.now() - started) / 1000;
    say(squadDir, 0, 'end of the hour');
    await reported(squadDir, 'end of the hour');
    const late = performance.now() - started - lasted * 1000;
    const spent = (cpuMs(watcher.pid) - cpu) / 1000;
    const after = await costs(watcher.pid, squadDir, 'after');
    const memory = /VmHWM:\s+(\d+)/u.exec(readFileSync(`/proc/${watcher.pid}/status`, 'utf8'))?.[1];
    console.log(
      `${agents} agents, ${messages} messages and ${lockEvents} lock events in ${lasted.toFixed(0)} s: ` +
        `${spent.toFixed(1)} s of CPU, at most ${Math.round(Number(memory) / 1024)} MB, report right ${Math.round(late)} ms after the last`,
    );
    console.log(
      `  idle ${before.idle.toFixed(1)} → ${after.idle.toFixed(1)} ms of CPU a second; ` +
        `a message ${before.message.toFixed(1)} → ${after.message.toFixed(1)} ms of CPU`,
    );
  } finally {
    watcher.kill('SIGTERM');
    await new Promise((resolve) => watcher.once('exit', resolve));
    rmSync(root, { recursive: true, force: true });
  }
}

function traffic(squadDir, agents) {
  const store = createNodeStore();
  const newId = createIdSource(() => Date.now(), randomBytes);
  const journal = openJournal({ store, squadDir, clock: systemClock, newId });
  const ports = { store, squadDir, clock: systemClock, newId, journal };
  const locks = openLocks(ports, { ttlMs: 1_800_000, maxHoldMs: 28_800_000 });
  const rounds = Math.max(messages, lockEvents);
  for (let n = 0; n < rounds; n += 1) {
    if (n < messages) say(squadDir, n % agents, `step ${n}`);
    if (n >= lockEvents) continue;
    const pair = n >> 1;
    const agent = `agent-${pair % agents}`;
    const name = `src/${pair % 997}.ts`;
    if (n % 2 === 0) locks.acquire({ agent, resources: [{ name }] });
    else locks.release({ agent, resources: [name], wholly: true });
  }
}

function say(squadDir, agent, next) {
  const text = `\n## Status Update ${new Date().toISOString()}\nStatus: ACTIVE\nCurrent Task: T-${agent} Work\nProgress: 1/5 tasks complete\nNext: ${next}\n`;
  appendFileSync(join(squadDir, 'comms', `agent-${agent}-comm.md`), text);
}

async function reported(squadDir, mark) {
  const status = join(squadDir, 'reports', 'status.json');
  while (!existsSync(status) || !readFileSync(status, 'utf8').includes(`"${mark}"`)) await pause(5);
}

// CPU of a second in which nothing happens, and of one more message above that.
async function costs(pid, squadDir, label) {
  await pause(2000);
  const idleFrom = cpuMs(pid);
  await pause(10_000);
  const idle = (cpuMs(pid) - idleFrom) / 10;
  const [from, started] = [cpuMs(pid), performance.now()];
  for (let n = 0; n < PROBES; n += 1) {
    say(squadDir, 0, `${label} ${n}`);
    await reported(squadDir, `${label} ${n}`);
    await pause(300);
  }
  const seconds = (performance.now() - started) / 1000;
  return { idle, message: (cpuMs(pid) - from - idle * seconds) / PROBES };
}

function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
