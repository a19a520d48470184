// npm run bench:lock [-- options]: what a lock costs, always as pairs measured in turn within one run.
// Prints Markdown tables. Needs the built bins (npm run build). Absolute figures depend on the machine; ratios less so.
const USAGE = `Usage: npm run bench:lock [-- options]

  --only PART   one part alone: process (acquire + release in a program), contended, commands; may be repeated
  --quick       fewer rounds
  --help        this text

Set TMPDIR to measure another file system.`;
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, randomBytes, systemClock } from '#store';
import { parseArgs } from 'node:util';
import lockfile from 'proper-lockfile';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const { quick } = options;
const BIN = fileURLToPath(new URL('../dist/fast/squad-lock.cjs', import.meta.url));
const WORKER = fileURLToPath(new URL('lock-contender.mjs', import.meta.url));
const ROUNDS = quick ? 15 : 40;
const folders = [];

const env = { ...process.env, AGENT_ID: 'bench' };
delete env.NODE_EXTRA_CA_CERTS;
delete env.NODE_OPTIONS;

function freshSquad() {
  const root = mkdtempSync(join(tmpdir(), 'dotsquad-bench-'));
  folders.push(root);
  mkdirSync(join(root, '.squad'));
  return root;
}

function open(root) {
  const newId = createIdSource(() => Date.now(), randomBytes);
  return openLocks(
    { store: createNodeStore(), squadDir: join(root, '.squad'), clock: systemClock, newId },
    { ttlMs: 3_600_000, maxHoldMs: 36_000_000 },
  );
}

function timed(args, cwd) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - started;
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const quantile = (values, q) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * q))];
const median = (values) => quantile(values, 0.5);
const fixed = (value, digits = 1) => value.toFixed(digits);

function wholeCommands() {
  const none = freshSquad();
  const worlds = {
    'none held': none,
    '1,000 held': holding(1000),
    '10,000 held': holding(10_000),
    'after 100,000 operations': worn(quick ? 5000 : 50_000),
  };
  const bare = [];
  const times = Object.fromEntries(Object.keys(worlds).map((name) => [name, { acquire: [], release: [] }]));
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(timed(['-e', '0'], none));
    for (const [name, root] of Object.entries(worlds)) {
      times[name].acquire.push(timed([BIN, 'acquire', 'bench/file.ts'], root));
      times[name].release.push(timed([BIN, 'release', 'bench/file.ts'], root));
    }
  }
  const base = median(bare);
  console.log(`\n## Whole command, median of ${ROUNDS} in turn; bare \`node -e 0\`: ${fixed(base)} ms\n`);
  console.log(
    '| leases | acquire ms | ÷ bare | ÷ none held | release ms | ÷ bare | ÷ none held |\n|---|---|---|---|---|---|---|',
  );
  const reference = times['none held'];
  for (const [name, { acquire, release }] of Object.entries(times)) {
    const cells = [acquire, release].flatMap((values, index) => {
      const against = median(index === 0 ? reference.acquire : reference.release);
      return [fixed(median(values)), fixed(median(values) / base, 2), fixed(median(values) / against, 2)];
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

function holding(count) {
  const root = freshSquad();
  const locks = open(root);
  const resources = Array.from({ length: count }, (_, index) => ({
    name: `src/module-${index % 100}/file-${index}.ts`,
  }));
  for (let from = 0; from < count; from += 500)
    locks.acquire({ agent: 'other', resources: resources.slice(from, from + 500) });
  return root;
}

function worn(pairs) {
  const root = freshSquad();
  const locks = open(root);
  for (let index = 0; index < pairs; index += 1) {
    const resources = [{ name: `src/file-${index % 50}.ts` }];
    locks.acquire({ agent: 'other', resources });
    locks.release({ agent: 'other', all: true });
  }
  return root;
}

async function inProcess() {
  const root = freshSquad();
  const locks = open(root);
  const target = join(root, 'target');
  const rounds = quick ? 1000 : 5000;
  const resources = [{ name: 'a.ts' }];
  const deeds = {
    'dotsquad (fair, fenced, across processes)': () => {
      locks.acquire({ agent: 'bench', resources });
      locks.release({ agent: 'bench', all: true });
    },
    'proper-lockfile `lock` + `unlock`': async () => {
      const release = await lockfile.lock(target, { realpath: false });
      await release();
    },
    'proper-lockfile `lockSync` + `unlockSync`': () => lockfile.lockSync(target, { realpath: false })(),
    'its bare calls: mkdir, rmdir': () => {
      mkdirSync(join(root, 'folder'));
      rmdirSync(join(root, 'folder'));
    },
    'our bare calls: 2 × (append, link)': bareRecords(root),
  };
  const times = Object.fromEntries(Object.keys(deeds).map((name) => [name, []]));
  for (let round = -rounds / 10; round < rounds; round += 1) {
    for (const [name, deed] of Object.entries(deeds)) {
      const started = performance.now();
      await deed();
      if (round >= 0) times[name].push((performance.now() - started) * 1e3);
    }
  }
  locks.close();
  console.log(`\n## In process, acquire + release, µs, ${rounds} in turn\n`);
  console.log('| | p50 | p99 | mean | dotsquad ÷ this (p50) |\n|---|---|---|---|---|');
  const [ours] = Object.values(times);
  for (const [name, values] of Object.entries(times)) {
    const cells = [median(values), quantile(values, 0.99), mean(values)].map((value) => fixed(value, 0));
    console.log(`| ${[name, ...cells, fixed(median(ours) / median(values), 2)].join(' | ')} |`);
  }
}

// What two records cost if nothing is decided, read or proven: a line added to a file, which then gets one more name.
function bareRecords(root) {
  const page = join(root, 'page');
  const line = '{"a record of the usual length":"…………………………………………………………………………"}\n'.repeat(3);
  writeFileSync(page, '');
  let count = 0;
  return () => {
    for (let record = 0; record < 2; record += 1) {
      const descriptor = openSync(page, 'a');
      writeSync(descriptor, line);
      closeSync(descriptor);
      count += 1;
      linkSync(page, join(root, `slot${count}`));
      if (count % 1000 === 0)
        for (let old = count - 999; old <= count; old += 1) unlinkSync(join(root, `slot${old}`));
    }
  };
}

const mean = (values) => values.reduce((sum, each) => sum + each, 0) / values.length;

async function contended() {
  const seconds = quick ? 2 : 6;
  console.log(
    `\n## One lock, contending processes, ${seconds} s each in turn, each process warmed on a lock of its own; load ${fixed(loadavg()[0])}\n`,
  );
  console.log(
    '| processes | | grants/s | wait p50 ms | p99 ms | worst ÷ mean grants | CPU ms a grant | grants/s ÷ proper-lockfile |\n|---|---|---|---|---|---|---|---|',
  );
  for (const count of [2, 8, 32]) {
    const runs = {
      'proper-lockfile': await contend('proper-lockfile', count, seconds),
      dotsquad: await contend('squad', count, seconds),
      'bare hand-over in a ring': await contend('ring', count, seconds),
    };
    for (const [name, run] of Object.entries(runs)) {
      const ratio = fixed(run.perSecond / runs['proper-lockfile'].perSecond, 2);
      const cells = [count, name, fixed(run.perSecond, 0), fixed(run.p50), fixed(run.p99)];
      console.log(
        `| ${[...cells, fixed(run.least / run.mean, 2), fixed(run.cpuMs, 2), ratio].join(' | ')} |`,
      );
    }
  }
}

async function contend(kind, count, seconds) {
  const root = freshSquad();
  const startMs = Date.now() + 2000 + count * (quick ? 150 : 300);
  const children = Array.from({ length: count }, (_, index) => {
    const task = { kind, root, index, count, startMs, untilMs: startMs + seconds * 1000 };
    const child = spawn(process.execPath, [WORKER, JSON.stringify(task)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    return new Promise((resolve) => child.on('close', () => resolve(JSON.parse(text))));
  });
  const results = await Promise.all(children);
  const waits = results.flatMap((result) => result.waits);
  const grants = results.map((result) => result.waits.length);
  const total = grants.reduce((sum, each) => sum + each, 0);
  return {
    perSecond: total / seconds,
    p50: median(waits),
    p99: quantile(waits, 0.99),
    least: Math.min(...grants),
    mean: total / count,
    cpuMs: results.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / total,
  };
}

const parts = { process: inProcess, contended, commands: wholeCommands };
const unknown = options.only.filter((name) => !(name in parts));
if (options.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `there is no part ${unknown.join(', ')}\n\n${USAGE}` : USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}
try {
  for (const [name, part] of Object.entries(parts))
    if (options.only.length === 0 || options.only.includes(name)) await part();
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
