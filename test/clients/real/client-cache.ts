import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The real clients, pinned: a new version is tried here before it is trusted. */
export const CLIENT_PACKAGES = {
  claude: { spec: '@anthropic-ai/claude-code@2.1.329', bin: 'claude', flags: [] },
  codex: { spec: '@openai/codex@0.169.0', bin: 'codex', flags: [] },
  gemini: { spec: '@google/gemini-cli@0.61.0', bin: 'gemini', flags: ['--omit=optional'] },
  opencode: { spec: 'opencode-ai@1.18.33', bin: 'opencode', flags: [] },
} as const;

/** One of {@link CLIENT_PACKAGES}. */
export type RealClient = keyof typeof CLIENT_PACKAGES;

/** Managers of git hooks, pinned. */
export const HOOK_MANAGERS = { husky: 'husky@9.1.7', lefthook: 'lefthook@2.2.2' } as const;

/** Path of a client's program, installed on demand. */
export function ensureClient(name: RealClient): string {
  const { spec, bin, flags } = CLIENT_PACKAGES[name];
  return join(ensurePackage(spec, flags), '.bin', bin);
}

/**
 * The `node_modules` of a package, installed on demand into a cache folder outside the tree (`DOTSQUAD_CLIENTS`, else
 * `dotsquad-clients` in the user's cache folder). Never a dependency.
 */
export function ensurePackage(spec: string, flags: readonly string[] = []): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const root = process.env['DOTSQUAD_CLIENTS'] ?? join(cache, 'dotsquad-clients');
  const folder = join(root, spec.replaceAll(/[/@]+/gu, '-').replace(/^-/u, ''));
  const modules = join(folder, 'node_modules');
  if (existsSync(join(folder, 'installed'))) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...flags, spec], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 600_000,
  });
  writeFileSync(join(folder, 'installed'), '');
  return modules;
}
