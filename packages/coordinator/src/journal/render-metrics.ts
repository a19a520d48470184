import { renderDuration } from '#protocol';
import type { Metrics } from './metrics.ts';

type MetricName = Exclude<keyof Metrics, 'version'>;

const TITLES: Readonly<Record<MetricName, string>> = {
  agents: 'Agents that finished tasks',
  tasksStarted: 'Tasks started',
  tasksDone: 'Tasks done, with evidence',
  taskFailures: 'Task failures',
  completionRate: 'Task completion rate',
  wallMs: 'Wall time',
  taskMs: 'Sum of task times',
  parallelEfficiency: 'Parallel efficiency',
  speedUp: 'Speed-up against sequential',
  lockAcquisitions: 'Lock acquisitions',
  lockWaits: 'Lock waits',
  lockWaitMeanMs: 'Lock wait, mean',
  lockWaitP95Ms: 'Lock wait, 95th percentile',
  contention: 'Lock contention',
  handoffs: 'Handoffs',
  handoffLatencyMeanMs: 'Handoff latency, mean',
  conflicts: 'Conflicts found',
  conflictRate: 'Conflicts per task done',
  criticalPathPlannedMs: 'Critical path, planned',
  criticalPathAchievedMs: 'Critical path, achieved',
  actions: 'Actions of the coordinator',
};

const PERCENT: ReadonlySet<string> = new Set(['completionRate', 'parallelEfficiency', 'contention']);

/** `.squad/metrics/parallel-performance.md`. */
export function renderMetrics(metrics: Metrics, measuredAt: string): string {
  const rows = names().map((name) => `| ${TITLES[name]} | ${valueOf(name, metrics[name])} |`);
  return `# Parallel performance ${measuredAt}\n\nMeasured from the journal only.\n\n| | |\n| --- | --- |\n${rows.join('\n')}\n`;
}

/** The Prometheus text exposition format, version 0.0.4; what was not measured is left out. */
export function renderPrometheus(metrics: Metrics): string {
  return names()
    .flatMap((name) => {
      const value = metrics[name];
      if (value === null) return [];
      const isTime = name.endsWith('Ms');
      const id = `squad_${name.replace(/Ms$/u, 'Seconds').replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)}`;
      return [`# HELP ${id} ${TITLES[name]}`, `# TYPE ${id} gauge`, `${id} ${isTime ? value / 1000 : value}`];
    })
    .join('\n')
    .concat('\n');
}

function names(): readonly MetricName[] {
  return Object.keys(TITLES).filter((name): name is MetricName => name in TITLES);
}

function valueOf(name: MetricName, value: number | null): string {
  if (value === null) return 'not measured';
  if (name.endsWith('Ms')) return renderDuration(value);
  if (PERCENT.has(name)) return `${(value * 100).toFixed(0)} %`;
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
