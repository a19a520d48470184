// The repository that the demo's agents work in: small, full-stack, with types that everybody needs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILES = {
  'README.md': '# Metrics\n\nA dashboard, its API and its anomaly detection.\n',
  'package.json': '{ "name": "metrics", "private": true, "type": "module" }\n',
  'frontend/App.tsx': "export function App() {\n  return 'metrics';\n}\n",
  'frontend/components/Header.tsx': "export const Header = () => 'Metrics';\n",
  'backend/server.ts': "export const routes: string[] = ['/health'];\n",
  'backend/api/health.ts': 'export const health = () => ({ ok: true });\n',
  'ml/service.py': 'def score(values):\n    return 0.0\n',
  'ml/models/baseline.py': 'def baseline(values):\n    return sum(values) / len(values)\n',
  'shared/types/metrics.ts': 'export interface Metric {\n  readonly name: string;\n}\n',
  'feature-prd.md': `# Feature: User Dashboard

## Requirements
1. Frontend: React dashboard with charts
2. Backend: REST API for metrics
3. ML: Anomaly detection service

## Tasks
- Create dashboard component
- Build metrics API
- Implement ML model
- Add WebSocket updates
`,
};

/** Makes the repository in an empty folder, with everything committed on `main`. */
export function createProject(root) {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'config', 'user.name', 'Demo');
  git(root, 'config', 'user.email', 'demo@example.org');
  commitAll(root, 'Start');
}

/** Commits whatever is there. */
export function commitAll(root, message) {
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--no-verify', '--message', message);
}

/** Output of a git command in the repository. */
export function git(root, ...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
