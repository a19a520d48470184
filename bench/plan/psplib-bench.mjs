// npm run bench:psplib -- --data FOLDER [--sets j30,j60,j120] [--schedules 5000] [--every 1]
// RCPSP instances of PSPLIB (Kolisch and Sprecher 1996) through the planner's general form; % above the best known makespan.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCapacityProblem } from '../../dist/plan/schedule/capacity-problem.js';
import { searchCapacity } from '../../dist/plan/schedule/capacity-search.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env.DOTSQUAD_BENCH ?? '' },
    sets: { type: 'string', default: 'j30,j60,j120' },
    schedules: { type: 'string', default: '5000' },
    every: { type: 'string', default: '1' },
  },
});
const folder = join(values.data, 'psplib');
if (!existsSync(folder)) {
  console.error(
    `this needs psplib/: name its parent folder with --data or DOTSQUAD_BENCH (looked for ${folder})`,
  );
  process.exit(2);
}

function readInstance(text) {
  const numbers = (line) => line.trim().split(/\s+/u).map(Number);
  const lines = text.split('\n');
  const from = (title) => lines.findIndex((line) => line.startsWith(title));
  const count = Number(/jobs \(incl\. supersource\/sink ?\): *(\d+)/u.exec(text)[1]);
  const edges = [];
  for (const line of lines.slice(from('PRECEDENCE') + 2, from('PRECEDENCE') + 2 + count)) {
    const [job, , , ...next] = numbers(line);
    for (const after of next) edges.push([job - 1, after - 1]);
  }
  const rows = lines.slice(from('REQUESTS') + 3, from('REQUESTS') + 3 + count).map(numbers);
  const capacities = numbers(lines[from('RESOURCEAVAIL') + 2]);
  return {
    durations: rows.map(([, , duration]) => duration),
    edges,
    capacities,
    demands: rows.map(([, , , ...units]) => units.map((unit, resource) => [resource, unit])),
  };
}

function violations({ durations, edges, capacities, demands }, starts) {
  let bad = edges.filter(([before, after]) => starts[after] < starts[before] + durations[before]).length;
  const end = Math.max(...starts.map((start, job) => start + durations[job]));
  for (let time = 0; time < end; time += 1) {
    const used = capacities.map(() => 0);
    for (const [job, start] of starts.entries())
      if (start <= time && time < start + durations[job])
        for (const [resource, units] of demands[job]) used[resource] += units;
    bad += used.filter((units, resource) => units > capacities[resource]).length;
  }
  return bad;
}

console.log(
  `| set | instances | above best known | reached | ms an instance | slowest ms | violations |\n| --- | --- | --- | --- | --- | --- | --- |`,
);
for (const set of values.sets.split(',')) {
  const dir = join(folder, `${set}.sm`);
  const known = new Map(
    readFileSync(join(dir, 'optimum', 'optimum.csv'), 'utf8')
      .split('\n')
      .map((line) => line.trim().split(','))
      .filter(([name]) => name?.endsWith('.sm'))
      .map(([name, value]) => [name, Number(value.split('..').at(-1))]),
  );
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.sm') && known.has(name))
    .filter((_, index) => index % Number(values.every) === 0);
  let [above, reached, ms, slowest, bad] = [0, 0, 0, 0, 0];
  for (const name of names) {
    const parts = readInstance(readFileSync(join(dir, name), 'utf8'));
    const begin = performance.now();
    const found = searchCapacity(createCapacityProblem(parts), { limit: Number(values.schedules) });
    const took = performance.now() - begin;
    ms += took;
    slowest = Math.max(slowest, took);
    above += found.makespan / known.get(name) - 1;
    reached += Number(found.makespan <= known.get(name));
    bad += violations(parts, [...found.starts]);
  }
  console.log(
    `| ${set} | ${names.length} | ${((100 * above) / names.length).toFixed(2)} % | ${reached} | ${(ms / names.length).toFixed(0)} | ${slowest.toFixed(0)} | ${bad} |`,
  );
}
