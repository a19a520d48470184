// npm run bench:stg -- --data FOLDER [--effort normal]
// Standard Task Graph set (Kasahara): 180 graphs of 50 and 100 tasks on 2, 4, 8 and 16 agents; makespan over the known optimum.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { searchAllocation } from '../../dist/plan/allocate/search.js';
import { createProblem } from '../../dist/plan/schedule/problem.js';
import { violationsOf } from './judge.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env.DOTSQUAD_BENCH ?? '' },
    effort: { type: 'string', default: 'normal' },
    every: { type: 'string', default: '1' },
  },
});
const folder = join(values.data, 'stg');
if (!existsSync(folder)) {
  console.error(
    `this needs stg/: name its parent folder with --data or DOTSQUAD_BENCH (looked for ${folder})`,
  );
  process.exit(2);
}

/** Tasks without time (the two dummies) are left out; what they connect is connected directly. */
function readGraph(text) {
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/u))
    .filter((row) => row[0] !== '#')
    .map((row) => row.map(Number));
  const duration = rows.map(([, time]) => time);
  const before = rows.map(([, , count, ...list]) => list.slice(0, count));
  const realBefore = (task) =>
    before[task].flatMap((each) => (duration[each] > 0 ? [each] : realBefore(each)));
  const real = rows.map((_, task) => task).filter((task) => duration[task] > 0);
  const placeOf = new Map(real.map((task, place) => [task, place]));
  return {
    durations: real.map((task) => duration[task]),
    edges: real.flatMap((task, after) => realBefore(task).map((each) => [placeOf.get(each), after])),
  };
}

let total = 0;
let groups = 0;
console.log(
  '| tasks | agents | makespan/optimum | optimal | worst | ms | violations |\n| --- | --- | --- | --- | --- | --- | --- |',
);
for (const size of [50, 100]) {
  for (const agents of [2, 4, 8, 16]) {
    const lines = readFileSync(join(folder, 'Optimal_values', `Case${size}_${agents}_OPT.csv`), 'utf8')
      .trim()
      .split('\n')
      .filter((_, index) => index % Number(values.every) === 0);
    let [sum, optimal, worst, ms, bad] = [0, 0, 1, 0, 0];
    for (const line of lines) {
      const [name, , ...bounds] = line.trim().split(',');
      const { durations, edges } = readGraph(readFileSync(join(folder, name), 'utf8'));
      const problem = createProblem({
        durations,
        edges,
        files: durations.map(() => []),
        fileCount: 0,
        agentCount: agents,
      });
      const begin = performance.now();
      const {
        makespan,
        starts,
        agents: who,
      } = searchAllocation(problem, {
        effort: values.effort,
        weights: { handoff: 0, sharedFile: 0, crossing: 0, heaviest: 0, spread: 0, move: 0 },
      });
      ms += performance.now() - begin;
      const ratio = makespan / Number(bounds.at(-1));
      sum += ratio;
      optimal += Number(ratio <= 1);
      worst = Math.max(worst, ratio);
      const instance = {
        count: durations.length,
        segments: durations.map(() => 0),
        edges,
        files: durations.map(() => []),
      };
      const found = violationsOf(instance, { starts: [...starts], agents: [...who] }, durations);
      bad += Object.values(found).reduce((a, b) => a + b, 0);
    }
    total += sum / lines.length;
    groups += 1;
    console.log(
      `| ${size} | ${agents} | ${(sum / lines.length).toFixed(4)} | ${optimal} of ${lines.length} | ${worst.toFixed(3)} | ${(ms / lines.length).toFixed(1)} | ${bad} |`,
    );
  }
}
console.log(`\nmean over all: ${(total / groups).toFixed(5)}`);
