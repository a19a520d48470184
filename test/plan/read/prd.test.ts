import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inferFiles, readDocument, type SourceDocument } from '#plan';

const fixture = (name: string): SourceDocument =>
  readDocument({
    path: name,
    content: readFileSync(new URL(`../../fixtures/corpus/prd/${name}`, import.meta.url)),
  });

const prd = (content: string): SourceDocument => readDocument({ path: 'feature-prd.md', content });

test('the seed PRD gives four tasks, its requirements give areas and no tasks', () => {
  const document = fixture('00-seed-user-dashboard.md');
  expect(document.tasks.map((task) => [task.id, task.title, task.range.start.line])).toEqual([
    ['create-dashboard-component', 'Create dashboard component', 9],
    ['build-metrics-api', 'Build metrics API', 10],
    ['implement-ml-model', 'Implement ML model', 11],
    ['add-websocket-updates', 'Add WebSocket updates', 12],
  ]);
  expect(document.feature).toBe('User Dashboard');
  expect(document.areas.map(({ area }) => area)).toEqual(['frontend', 'backend', 'ml']);
  expect(document.skipped.map(({ text, reason }) => [text, reason])).toEqual([
    ['Frontend: React dashboard with charts', 'it is a requirement'],
    ['Backend: REST API for metrics', 'it is a requirement'],
    ['ML: Anomaly detection service', 'it is a requirement'],
  ]);
});

test('WebSocket updates of the seed PRD wait for the API and the dashboard, and each task has the folder of its area', () => {
  const { tasks } = inferFiles(fixture('00-seed-user-dashboard.md'), {
    trackedFiles: ['frontend/app.tsx', 'backend/api.py'],
  });
  expect(tasks.map((task) => task.writes.map(({ path, rung }) => `${path} ${rung}`))).toEqual([
    ['frontend/ 8'],
    ['backend/ 8'],
    ['ml/ 8'],
    ['frontend/ 8'],
  ]);
  expect(tasks[3]?.dependencies.map(({ id, reason }) => [id, reason])).toEqual([
    ['create-dashboard-component', 'producer'],
    ['build-metrics-api', 'producer'],
  ]);
  expect(tasks[3]?.skills).toEqual(['frontend']);
});

test('a PRD in streams gives its streams and none of its criteria, with files from its lists by their names', () => {
  const document = fixture('01-ArieGoldkin__ai-agent-hub__feature-prd.md');
  expect(document.tasks.map((task) => [task.title, task.writes.map(({ path }) => path).join()])).toEqual([
    ['Create dashboard layout component', 'frontend/components/AnalyticsDashboard.tsx'],
    ['Implement metric cards with animations', 'frontend/components/MetricCard.tsx'],
    ['Add interactive chart components', ''],
    ['Create WebSocket hook for real-time data', 'frontend/hooks/useMetrics.ts'],
    ['Style with responsive CSS', 'frontend/styles/analytics.css'],
    ['Design database schema for metrics', 'backend/models/metric.py'],
    ['Implement REST API endpoints', ''],
    ['Create WebSocket server', ''],
    ['Build export functionality', 'backend/utils/export.py'],
    ['Develop anomaly detection model', 'ml/models/anomaly_detector.py'],
    ['Create trend prediction algorithm', 'ml/models/trend_predictor.py'],
    ['Build insights aggregation service', 'ml/services/insights.py'],
  ]);
  expect(document.declared.map(({ path, access }) => `${path} ${access}`)).toEqual([
    'shared/types/metrics.ts SEQUENTIAL',
    'shared/types/analytics.ts SEQUENTIAL',
    'config/analytics.config.js READ-ONLY',
    'config/ml.config.js READ-ONLY',
  ]);
});

test('a document without work says where it looked and gives no task', () => {
  const document = prd('# Thoughts\n\nThe market is large.\n');
  expect(document.tasks).toEqual([]);
  expect(document.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error NO_TASKS']);
});

test('CRLF and a byte-order mark change nothing but the hash', () => {
  const text = '# Feature: A\n\n## Tasks\n- Build x in `src/a.ts` (2h)\n- Add y\n';
  const other = prd(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
  expect({ ...other, hash: '' }).toEqual({ ...prd(text), hash: '' });
});
