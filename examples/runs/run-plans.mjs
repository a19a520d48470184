// Runs the repository's plans or task graph from a program, and says what each agent does as it does it.
import { runPlans } from 'dotsquad/runner';

const report = await runPlans({
  cwd: process.cwd(),
  with: process.argv[2] ?? 'claude',
  maxConcurrent: 4,
  perTaskUsd: 2,
  totalUsd: 10,
  onEvent: (task, event) => console.log(task.id, event.kind, event.kind === 'tool' ? event.name : ''),
});
for (const { key, state, reason } of report.items) console.log(key, state, reason ?? '');
console.log('finished work:', report.integration);
process.exitCode = report.items.every(({ state }) => state === 'done' || state === 'skipped') ? 0 : 1;
