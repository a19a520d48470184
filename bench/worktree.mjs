// Speed of `squad-worktree status` and `squad-merge forecast` beside plain git commands that do the same.
// Whole processes, median of five. Usage: npm run build && node bench/worktree.mjs [files] [worktrees] [branches]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const [files = 10_000, worktrees = 50, branches = 20] = process.argv.slice(2).map(Number);
const ROUNDS = 5;
const bin = (name) => fileURLToPath(new URL(`../dist/cli/bin/${name}.js`, import.meta.url));
const root = realpathSync(mkdtempSync(join(tmpdir(), 'dotsquad-bench-')));

function run(command, args, cwd) {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
}
const git = (cwd, ...args) => run('git', args, cwd).trim();

function median(work) {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}

function report(name, ours, plain) {
  const ms = (value) => `${Math.round(value)} ms`.padStart(9);
  console.log(`${name.padEnd(62)} ${ms(ours)}  plain git ${ms(plain)}  ratio ${(ours / plain).toFixed(2)}`);
}

function makeRepository(name, count) {
  const folder = join(root, name);
  mkdirSync(folder);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'user.name', 'Bench');
  git(folder, 'config', 'user.email', 'bench@example.org');
  for (let index = 0; index < count; index += 1) {
    const place = join(folder, `d${index % 100}`);
    if (index < 100) mkdirSync(place);
    const lines = Array.from({ length: 20 }, (_, line) => `file ${index} line ${line}`);
    writeFileSync(join(place, `f${index}.txt`), `${lines.join('\n')}\n`);
  }
  writeFileSync(join(folder, '.gitignore'), '.squad/\n');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'Start');
  mkdirSync(join(folder, '.squad'));
  return folder;
}

/** A branch that edits twenty files, four of them at places that its neighbours edit too. */
function makeBranch(folder, index) {
  git(folder, 'switch', '--quiet', '--create', `b${index}`, 'main');
  for (let edit = 0; edit < 20; edit += 1) {
    const file = edit < 4 ? (index % 5) * 4 + edit : 200 + index * 20 + edit;
    const lines = Array.from({ length: 20 }, (_, line) => `file ${file} line ${line}`);
    lines[edit < 4 ? index % 3 : 5] = `edited by ${index}`;
    writeFileSync(join(folder, `d${file % 100}`, `f${file}.txt`), `${lines.join('\n')}\n`);
  }
  git(folder, 'commit', '--quiet', '--all', '--message', `Work ${index}`);
}

function benchForecast() {
  const folder = makeRepository('forecast', files);
  const names = Array.from({ length: branches }, (_, index) => `b${index}`);
  for (let index = 0; index < branches; index += 1) makeBranch(folder, index);
  git(folder, 'switch', '--quiet', 'main');
  const pairs = names.flatMap((a, index) => names.slice(index + 1).map((b) => [a, b]));
  let answer;
  const ours = median(() => {
    try {
      answer = run(
        process.execPath,
        [bin('squad-merge'), 'forecast', ...names, '--into', 'main', '--json'],
        folder,
      );
    } catch (error) {
      answer = error.stdout;
    }
  });
  const script = pairs.map(([a, b]) => `git merge-tree --write-tree ${a} ${b} >/dev/null`).join('\n');
  const alone = names.map((name) => `git merge-tree --write-tree main ${name} >/dev/null`).join('\n');
  const plain = median(() => run('sh', ['-c', `${script}\n${alone}\ntrue`], folder));
  const found = JSON.parse(answer).pairs.filter(({ kind }) => kind === 'conflict').length;
  report(
    `forecast of ${branches} branches (${pairs.length} pairs, ${found} in conflict), ${files} files`,
    ours,
    plain,
  );
}

function benchStatus() {
  const count = Math.min(files, 1000);
  const folder = makeRepository('status', count);
  const names = Array.from({ length: worktrees }, (_, index) => `w${index}`);
  run(process.execPath, [bin('squad-worktree'), 'create', ...names], folder);
  for (const [index, name] of names.entries()) {
    const path = join(`${folder}.worktrees`, name);
    writeFileSync(join(path, 'd0/f0.txt'), `changed in ${name}\n`);
    if (index % 2 === 0) git(path, 'commit', '--quiet', '--all', '--message', 'Work');
  }
  const ours = median(() => run(process.execPath, [bin('squad-worktree'), 'status', '--json'], folder));
  const script = names.map(
    (name) =>
      `cd "${folder}.worktrees/${name}" && git status --porcelain --branch --untracked-files=all >/dev/null && git rev-list --left-right --count main...HEAD >/dev/null`,
  );
  const plain = median(() => run('sh', ['-c', script.join('\n')], folder));
  report(`status of ${worktrees} worktrees of ${count} files, half of them changed`, ours, plain);
}

try {
  console.log(`node ${process.version}, ${git(root, 'version')}, median of ${ROUNDS} whole processes`);
  benchStatus();
  benchForecast();
} finally {
  rmSync(root, { recursive: true, force: true });
}
