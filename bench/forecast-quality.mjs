// How well `squad-merge forecast` foretells conflicts: synthetic histories with planted conflicts, every pair and
// every sequence also merged for real by `git merge` in a checkout. Public histories would need a network. Usage: npm run build && node bench/forecast-quality.mjs [histories]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const histories = Number(process.argv[2] ?? 20);
const BRANCHES = 8;
const FILES = 40;
const LINES = 30;
const root = realpathSync(mkdtempSync(join(tmpdir(), 'dotsquad-bench-')));
const bin = fileURLToPath(new URL('../dist/cli/bin/squad-merge.js', import.meta.url));

const git = (cwd, ...args) =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

function mulberry(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function put(folder, file, lines) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
}

const start = (file) => Array.from({ length: LINES }, (_, line) => `${file}: line ${line}`);
const nameOf = (index) => `src/m${index % 6}/f${index}.txt`;

/** One history: a start, and branches that edit, add, delete and rename, each planted kind of conflict among them. */
function makeHistory(folder, seed) {
  const random = mulberry(seed);
  const pick = (count) => Math.floor(random() * count);
  mkdirSync(folder);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'user.name', 'Bench');
  git(folder, 'config', 'user.email', 'bench@example.org');
  writeFileSync(join(folder, '.gitignore'), '.squad/\n');
  for (let index = 0; index < FILES; index += 1) put(folder, nameOf(index), start(nameOf(index)));
  put(folder, 'api.js', ['export function load() {}', ...start('api.js')]);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'Start');
  mkdirSync(join(folder, '.squad'));
  const semantic = [];
  for (let branch = 0; branch < BRANCHES; branch += 1) {
    git(folder, 'switch', '--quiet', '--create', `b${branch}`, 'main');
    for (let edit = 0; edit < 3; edit += 1) {
      const file = nameOf(pick(FILES));
      const lines = start(file);
      lines[pick(LINES)] = `edited by ${branch}`;
      put(folder, file, lines);
    }
    const kind = pick(8);
    if (kind === 0) git(folder, 'rm', '--quiet', '--force', nameOf(pick(FILES)));
    if (kind === 1) {
      const file = nameOf(pick(FILES));
      git(folder, 'checkout', '--quiet', '--', file);
      mkdirSync(join(folder, 'src/moved'), { recursive: true });
      git(folder, 'mv', file, `src/moved/${branch}.txt`);
    }
    if (kind === 2) put(folder, `src/new${pick(2)}.txt`, [`made by ${branch}`]);
    if (kind === 3) put(folder, 'api.js', ['export function fetchAll() {}', ...start('api.js')]);
    if (kind === 4) put(folder, `src/user${branch}.js`, ["import { load } from '../api.js';", 'load();']);
    if (kind === 3 || kind === 4) semantic.push({ branch, kind });
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message', `Work ${branch}`);
  }
  git(folder, 'switch', '--quiet', 'main');
  const brokenPairs = semantic
    .filter(({ kind }) => kind === 3)
    .flatMap(({ branch }) =>
      semantic.filter((other) => other.kind === 4).map((other) => [branch, other.branch]),
    );
  return brokenPairs.map((pair) =>
    pair
      .toSorted((a, b) => a - b)
      .map((branch) => `b${branch}`)
      .join(' '),
  );
}

function reallyConflicts(folder, ours, theirs) {
  git(folder, 'checkout', '--quiet', '--detach', ours);
  const merged = spawnSync('git', ['merge', '--quiet', '--no-edit', theirs], { cwd: folder });
  if (merged.status !== 0) git(folder, 'merge', '--abort');
  return merged.status !== 0;
}

const total = { pairs: [0, 0, 0, 0], sequence: [0, 0, 0, 0], semantic: 0 };
function count(table, predicted, real) {
  table[(predicted ? 2 : 0) + (real ? 1 : 0)] += 1;
}

function measure(folder, broken) {
  const names = Array.from({ length: BRANCHES }, (_, index) => `b${index}`);
  const asked = spawnSync(process.execPath, [bin, 'forecast', ...names, '--into', 'main', '--json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const forecast = JSON.parse(asked.stdout);
  for (const { a, b, kind } of forecast.pairs) {
    const real = reallyConflicts(folder, a, b);
    count(total.pairs, kind === 'conflict', real);
    if (!real && broken.includes(`${a} ${b}`)) total.semantic += 1;
  }
  git(folder, 'checkout', '--quiet', '--detach', 'main');
  for (const { name, kind } of forecast.cumulative) {
    const head = git(folder, 'rev-parse', 'HEAD');
    const real = reallyConflicts(folder, head, name);
    if (real) git(folder, 'checkout', '--quiet', '--detach', head);
    count(total.sequence, kind === 'conflict', real);
  }
}

function say(title, [trueNegative, falseNegative, falsePositive, truePositive]) {
  const precision = truePositive / (truePositive + falsePositive);
  const recall = truePositive / (truePositive + falseNegative);
  const all = trueNegative + falseNegative + falsePositive + truePositive;
  console.log(
    `${title}: ${all} merges, ${truePositive + falseNegative} real conflicts, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
  );
}

try {
  for (let index = 0; index < histories; index += 1) {
    const folder = join(root, `h${index}`);
    measure(folder, makeHistory(folder, 1000 + index));
    rmSync(folder, { recursive: true, force: true });
  }
  say('pairs   ', total.pairs);
  say('sequence', total.sequence);
  const [, missed, , found] = total.pairs;
  console.log(
    `planted pairs that merge cleanly and do not work together (not foretold, tests find them): ${total.semantic}`,
  );
  console.log(
    `recall over textual and planted semantic conflicts: ${(found / (found + missed + total.semantic)).toFixed(3)}`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
