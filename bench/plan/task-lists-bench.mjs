// npm run bench:plan -- [--data FOLDER] [--effort E] [--barriers stories|each] [--agents 3,5]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BASELINES } from './baselines.mjs';
import { figuresOf, makespanWithHandoffs, violationsOf } from './judge.mjs';
import { allocate, rowCount } from './ours.mjs';
import { instanceOf, readTaskLists, stagedBound } from './task-lists.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env.DOTSQUAD_BENCH ?? '' },
    effort: { type: 'string', default: 'normal' },
    barriers: { type: 'string', default: 'stories' },
    agents: { type: 'string', default: '3,5' },
    free: { type: 'boolean', default: false },
    overlap: { type: 'boolean', default: false },
  },
});
const file = join(values.data, 'tasksmd.json');
if (!existsSync(file)) {
  console.error(
    `this needs tasksmd.json: name its folder with --data or DOTSQUAD_BENCH (looked for ${file})`,
  );
  process.exit(2);
}
const instances = readTaskLists(file).map((document) => instanceOf(document, values.barriers));
const planner = { effort: values.effort, free: values.free, overlap: values.overlap };
const methods = {
  ...BASELINES,
  dotsquad: (instance, agents) => allocate(instance, agents, planner),
};
console.log(
  `${instances.length} task lists, ${instances.reduce((sum, { count }) => sum + count, 0)} tasks, barriers: ${values.barriers}, effort: ${values.effort}`,
);
for (const agents of values.agents.split(',').map(Number)) {
  console.log(
    `\n| N=${agents} | makespan/bound | at bound | shared | handoffs/100 | balance | rows/files | handoff costs a task | ms | violations |`,
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const [name, method] of Object.entries(methods)) {
    const sum = {
      ratio: 0,
      at: 0,
      shared: 0,
      several: 0,
      handoffs: 0,
      tasks: 0,
      balance: 0,
      rows: 0,
      slow: 0,
      ms: 0,
      bad: 0,
    };
    for (const instance of instances) {
      const begin = performance.now();
      const schedule = method(instance, agents);
      sum.ms += performance.now() - begin;
      const bound = stagedBound(instance, agents);
      const figures = figuresOf(instance, schedule, agents);
      sum.ratio += figures.makespan / bound;
      sum.at += Number(figures.makespan === bound);
      sum.shared += figures.shared;
      sum.several += figures.several;
      sum.handoffs += figures.handoffs;
      sum.tasks += instance.count;
      sum.balance += figures.balance;
      sum.rows += figures.files === 0 ? 0.5 : rowCount(instance, schedule, agents) / figures.files;
      const delayed = name === 'dotsquad' ? allocate(instance, agents, { ...planner, handoff: 1 }) : schedule;
      sum.slow += makespanWithHandoffs(instance, delayed, 1) / bound;
      sum.bad += Object.values(violationsOf(instance, schedule)).reduce((a, b) => a + b, 0);
    }
    const count = instances.length;
    const cells = [
      name,
      (sum.ratio / count).toFixed(4),
      `${((100 * sum.at) / count).toFixed(0)} %`,
      `${((100 * sum.shared) / sum.several).toFixed(1)} %`,
      ((100 * sum.handoffs) / sum.tasks).toFixed(2),
      (sum.balance / count).toFixed(3),
      `${((100 * sum.rows) / count).toFixed(0)} %`,
      (sum.slow / count).toFixed(3),
      (sum.ms / count).toFixed(1),
      String(sum.bad),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
