// npm run bench:lock [-- --quick]: what a lock costs, always as pairs measured in turn within one run.
// Prints Markdown tables. Needs the built bins (npm run build). Absolute figures depend on the machine; ratios less so.
import { spawn, spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, randomBytes, systemClock } from '#store';
import lockfile from 'proper-lockfile';

const quick = process.argv.includes('--quick');
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
  const rounds = quick ? 500 : 3000;
  const ours = [];
  const theirs = [];
  const bare = [];
  const resources = [{ name: 'a.ts' }];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(
      micros(() => {
        locks.acquire({ agent: 'bench', resources });
        locks.release({ agent: 'bench', all: true });
      }),
    );
    const started = performance.now();
    const release = await lockfile.lock(target, { realpath: false });
    await release();
    theirs.push((performance.now() - started) * 1e3);
    bare.push(
      micros(() => {
        for (const step of ['acquire', 'release']) {
          const temporary = join(root, `t${round}${step}`);
          writeFileSync(temporary, '{"a record of the usual length":"…………………………………………………………………………"}\n', {
            flag: 'wx',
          });
          linkSync(temporary, join(root, `s${round}${step}`));
          unlinkSync(temporary);
        }
      }),
    );
  }
  console.log(`\n## In process, acquire + release, µs, ${rounds} in turn\n`);
  console.log('| | p50 | p99 |\n|---|---|---|');
  const rows = {
    'dotsquad (visible, fair, across processes)': ours,
    'proper-lockfile lock + unlock': theirs,
    'the bare calls: 2 × (create, link, unlink)': bare,
  };
  for (const [name, values] of Object.entries(rows))
    console.log(`| ${name} | ${fixed(median(values), 0)} | ${fixed(quantile(values, 0.99), 0)} |`);
  console.log(
    `\nratio to proper-lockfile: ${fixed(median(ours) / median(theirs), 2)}; to the bare calls: ${fixed(median(ours) / median(bare), 2)}`,
  );
}

function micros(deed) {
  const started = performance.now();
  deed();
  return (performance.now() - started) * 1e3;
}

async function contended() {
  const seconds = quick ? 2 : 6;
  console.log(`\n## One lock, contending processes, ${seconds} s each in turn\n`);
  console.log(
    '| processes | | grants/s | wait p50 ms | p99 ms | worst ÷ mean grants | ratio |\n|---|---|---|---|---|---|---|',
  );
  for (const count of [2, 8, 32]) {
    const theirs = await contend('proper-lockfile', count, seconds);
    const ours = await contend('squad', count, seconds);
    for (const [name, run] of Object.entries({ 'proper-lockfile': theirs, dotsquad: ours })) {
      const ratio = name === 'dotsquad' ? fixed(ours.perSecond / theirs.perSecond, 2) : '';
      const cells = [count, name, fixed(run.perSecond, 0), fixed(run.p50), fixed(run.p99)];
      console.log(`| ${[...cells, fixed(run.least / run.mean, 2), ratio].join(' | ')} |`);
    }
  }
}

async function contend(kind, count, seconds) {
  const root = freshSquad();
  const startMs = Date.now() + 700 + count * 60;
  const children = Array.from({ length: count }, (_, index) => {
    const task = {
      kind,
      squadDir: join(root, '.squad'),
      name: `p${index}`,
      startMs,
      untilMs: startMs + seconds * 1000,
    };
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
  };
}

try {
  await inProcess();
  await contended();
  wholeCommands();
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
