import { availableParallelism } from 'node:os';
import { comparePool } from '../test/support/pattern-pools.ts';

// More than a million random pairs of patterns against brute force: 51 pools of 200 patterns, every pair of each.
// Usage: npm run test:patterns [first seed]
const first = Number(process.argv[2] ?? 1000);
let pairs = 0;
let refused = 0;
const wrong: string[] = [];
const started = performance.now();
for (let seed = first; seed < first + 51; seed += 1) {
  const report = comparePool(seed, 200);
  pairs += report.pairs;
  refused += report.refused;
  wrong.push(...report.wrong);
}
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(
  `${pairs} pairs in ${seconds} s on one of ${availableParallelism()} cores: ${wrong.length} wrong, ${refused} refused as too complex\n`,
);
for (const line of wrong.slice(0, 20)) process.stdout.write(`${line}\n`);
process.exitCode = wrong.length === 0 && pairs >= 1_000_000 ? 0 : 1;
