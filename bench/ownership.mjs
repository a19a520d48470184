// What the matrix costs: compiling it after an edit, reading the compiled twin, and deciding one path, at 0 to 10,000
// rules (nine in ten plain folders and files, one in ten with wildcards). In-process medians; then a whole process that
// reads the twin and decides one path, beside `node -e 0`. Usage: npm run build && node bench/ownership.mjs
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compileMatrix,
  lintMatrix,
  parseOwnership,
  readOwnership,
  resolveOwner,
} from '../dist/ownership/index.js';
import { createNodeStore } from '../dist/store/index.js';

const store = createNodeStore();
const folder = mkdtempSync(join(tmpdir(), 'ownership-bench-'));
const script = join(folder, 'once.mjs');
const dist = fileURLToPath(new URL('../dist', import.meta.url));
writeFileSync(
  script,
  `import { readOwnership, resolveOwner } from '${dist}/ownership/index.js';
import { createNodeStore } from '${dist}/store/index.js';
resolveOwner(await readOwnership(createNodeStore(), process.argv[2]), 'packages/p7/src/a.ts');`,
);

function matrixText(count) {
  const lines = Array.from({ length: count }, (_, index) => {
    const path =
      index % 10 === 9
        ? `/packages/p${index}/**/*.{ts,tsx}`
        : index % 2 === 0
          ? `/packages/p${index}`
          : `/packages/p${index}/src/f${index}.ts`;
    return `${JSON.stringify(path)}: { owner: agent-${index % 9}, access: EXCLUSIVE }`;
  });
  return `${lines.join('\n')}\n`;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function timed(rounds, work) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

function processMs(args) {
  const start = performance.now();
  spawnSync(process.execPath, args);
  return performance.now() - start;
}

try {
  for (const count of [0, 1000, 10_000]) {
    const squadDir = join(folder, String(count));
    mkdirSync(squadDir, { recursive: true });
    const text = matrixText(count);
    writeFileSync(join(squadDir, 'ownership.yaml'), text);
    const parseMs = await timed(5, async () => compileMatrix((await parseOwnership(text, 'x')).value, text));
    const matrix = await readOwnership(store, squadDir);
    const readMs = await timed(30, () => readOwnership(store, squadDir));
    const decideMs = await timed(200, () => resolveOwner(matrix, 'packages/p7/src/f7.ts'));
    const lintMs = await timed(1, () => lintMatrix(matrix, [], 'x'));
    const pairs = Array.from({ length: 21 }, () => [processMs([script, squadDir]), processMs(['-e', '0'])]);
    const ratio = median(pairs.map(([ours, bare]) => ours / bare));
    console.log(
      `${String(count).padStart(6)} rules: compile after an edit ${parseMs.toFixed(1)} ms, read twin ${readMs.toFixed(2)} ms, decide ${(decideMs * 1000).toFixed(0)} µs, lint ${lintMs.toFixed(0)} ms, whole process ${ratio.toFixed(2)} × node`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
