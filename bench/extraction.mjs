#!/usr/bin/env node
// Scores the readers against gold extractions: strict match of tasks, written files and explicit dependencies, file by file.
// The gold lies in a folder with `gold/*.json` and the sources they name; by default the permissively licensed part in the tests.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDocument } from '../dist/plan/index.js';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: process.env['DOTSQUAD_CORPUS'] ?? 'test/fixtures/corpus' },
    misses: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const goldFolder = join(values.corpus, 'gold');
if (!existsSync(goldFolder)) {
  console.error(
    `${goldFolder} does not exist; name a folder that holds gold/*.json with --corpus DIR or DOTSQUAD_CORPUS`,
  );
  process.exit(2);
}

const EXPLICIT = new Set(['field', 'line', 'section']);
const plain = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const samePath = (gold, found) =>
  gold === found ||
  (!gold.includes('/') && found.endsWith(`/${gold}`)) ||
  (!found.includes('/') && gold.endsWith(`/${found}`));

function sameTask(gold, task, hasIds) {
  if (hasIds) return gold.id === task.id;
  const [a, b] = [plain(gold.title), plain(task.title)];
  return a === b || b.startsWith(a) || a.startsWith(b);
}

function score(file) {
  const gold = JSON.parse(readFileSync(file, 'utf8'));
  const source = join(values.corpus, gold.source.replace(/^corpus\//u, ''));
  if (!existsSync(source)) return undefined;
  const path = gold.path ?? basename(source).replace(/^\d+-[^_]+__.+?__/u, '');
  const document = readDocument({ path, content: readFileSync(source) });
  const result = {
    name: basename(file, '.json'),
    format: document.format,
    tasks: count(),
    files: count(),
    deps: count(),
    misses: [],
  };
  const taken = new Set();
  const idOf = new Map();
  const pairs = [];
  for (const want of gold.tasks) {
    const task = document.tasks.find(
      (one) => !taken.has(one) && sameTask(want, one, gold.idsInSource !== false),
    );
    if (task === undefined) {
      result.tasks.fn += 1;
      result.misses.push(`no task ${want.id} ${want.title}`);
      result.files.fn += want.files.length;
      result.deps.fn += want.dependsOn.length;
      continue;
    }
    taken.add(task);
    idOf.set(want.id, task.id);
    result.tasks.tp += 1;
    pairs.push([want, task]);
  }
  for (const task of document.tasks) {
    if (taken.has(task)) continue;
    result.tasks.fp += 1;
    result.misses.push(`invented task ${task.id} ${task.title}`);
  }
  for (const [want, task] of pairs) {
    scoreFiles(result, want, task);
    const edges = task.dependencies.filter(({ reason }) => EXPLICIT.has(reason)).map(({ id }) => id);
    const wanted = want.dependsOn.map((id) => idOf.get(id) ?? id);
    compare(result, { kind: 'deps', id: want.id, wanted, found: edges, same: (a, b) => a === b });
  }
  return result;
}

function scoreFiles(result, want, task) {
  const inferred = want.inferredFiles ?? [];
  const found = task.writes.filter(({ rung }) => rung <= 5).map(({ path }) => path);
  const counted = found.filter(
    (path) =>
      want.files.some((gold) => samePath(gold, path)) || !inferred.some((gold) => samePath(gold, path)),
  );
  compare(result, { kind: 'files', id: want.id, wanted: want.files, found: counted, same: samePath });
}

function compare(result, { kind, id, wanted, found, same }) {
  const left = [...found];
  for (const want of wanted) {
    const at = left.findIndex((one) => same(want, one));
    if (at === -1) {
      result[kind].fn += 1;
      result.misses.push(`${id}: ${kind} lacks ${want}`);
    } else {
      left.splice(at, 1);
      result[kind].tp += 1;
    }
  }
  result[kind].fp += left.length;
  for (const one of left) result.misses.push(`${id}: ${kind} has ${one}`);
}

/** Documents of which a person labelled the stated edges alone. */
function orderResults() {
  const file = join(goldFolder, 'order/edges.json');
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')).documents.flatMap(({ source, edges }) => {
    const from = join(values.corpus, source);
    if (!existsSync(from)) return [];
    const path = basename(source).replace(/^\d+-[^_]+__.+?__/u, '');
    const document = readDocument({ path, content: readFileSync(from) });
    const result = { name: source, format: document.format, deps: count(), misses: [] };
    for (const { id, dependencies } of document.tasks) {
      const found = dependencies.filter(({ reason }) => EXPLICIT.has(reason)).map((one) => one.id);
      compare(result, { kind: 'deps', id, wanted: edges[id] ?? [], found, same: (a, b) => a === b });
    }
    const ids = new Set(document.tasks.map(({ id }) => id));
    for (const [id, wanted] of Object.entries(edges)) if (!ids.has(id)) result.deps.fn += wanted.length;
    return [result];
  });
}

function count() {
  return { tp: 0, fp: 0, fn: 0 };
}

function rates({ tp, fp, fn }) {
  const precision = tp + fp === 0 ? 1 : tp / (tp + fp);
  const recall = tp + fn === 0 ? 1 : tp / (tp + fn);
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

const results = readdirSync(goldFolder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => score(join(goldFolder, name)))
  .filter((result) => result !== undefined);
const orders = orderResults();
const orderTotal = count();
for (const { deps } of orders) for (const key of ['tp', 'fp', 'fn']) orderTotal[key] += deps[key];
const total = { tasks: count(), files: count(), deps: count() };
for (const result of results) {
  for (const kind of ['tasks', 'files', 'deps'])
    for (const key of ['tp', 'fp', 'fn']) total[kind][key] += result[kind][key];
}
if (values.json) {
  console.log(
    JSON.stringify(
      {
        files: results,
        order: { files: orders, total: rates(orderTotal) },
        total: Object.fromEntries(Object.entries(total).map(([kind, counts]) => [kind, rates(counts)])),
      },
      undefined,
      2,
    ),
  );
} else {
  const cell = (counts) => {
    const { precision, recall, f1 } = rates(counts);
    return `${f1.toFixed(3)} (${precision.toFixed(2)}/${recall.toFixed(2)}, ${counts.tp + counts.fn})`.padEnd(
      24,
    );
  };
  console.log(
    `${'file'.padEnd(40)}${'format'.padEnd(14)}${'tasks F1 (P/R, n)'.padEnd(24)}${'files'.padEnd(24)}dependencies`,
  );
  for (const result of results) {
    console.log(
      `${result.name.padEnd(40)}${result.format.padEnd(14)}${cell(result.tasks)}${cell(result.files)}${cell(result.deps)}`,
    );
    if (values.misses) for (const miss of result.misses) console.log(`    ${miss}`);
  }
  console.log(`${'all'.padEnd(54)}${cell(total.tasks)}${cell(total.files)}${cell(total.deps)}`);
  if (orders.length > 0) console.log(`\n${'stated edges, labelled alone'.padEnd(76)}F1 (P/R, n)`);
  for (const { name, deps, misses } of orders) {
    console.log(`${name.slice(0, 74).padEnd(76)}${cell(deps)}`);
    if (values.misses) for (const miss of misses) console.log(`    ${miss}`);
  }
  if (orders.length > 0) console.log(`${'all'.padEnd(76)}${cell(orderTotal)}`);
}
