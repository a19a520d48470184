import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DEFAULT_CONFIG } from '#config';
import { createIdSource } from '#protocol';
import { createNodeStore, locateRepository, systemClock } from '#store';
import type { WorktreeSettings, WorktreeWorld } from '#worktree';
import { gitIn, testRepository } from './repository.ts';

/** The services over a test repository; its worktrees' folder is removed when the test ends. */
export function worktreeWorld(root: string, settings: Partial<WorktreeSettings> = {}): WorktreeWorld {
  const store = createNodeStore();
  const home = locateRepository(store, root);
  if (home === undefined) throw new Error(`${root} is no repository`);
  store.makeFolder(home.squadDir);
  onTestFinished(() => rmSync(`${home.mainRoot}.worktrees`, { recursive: true, force: true }));
  return {
    store,
    clock: systemClock,
    newId: createIdSource(() => Date.now(), randomBytes),
    home,
    settings: { ...DEFAULT_CONFIG.worktree, ...settings },
  };
}

/** A repository with `.squad/` ignored, and its services. */
export function testWorktrees(
  files: Readonly<Record<string, string>> = { 'a.txt': 'one\n' },
  settings: Partial<WorktreeSettings> = {},
): { readonly root: string; readonly world: WorktreeWorld } {
  const root = testRepository({ '.gitignore': '.squad/\n.env\nnode_modules/\n*.log\n', ...files });
  return { root, world: worktreeWorld(root, settings) };
}

/** Writes a file, making its folders. */
export function put(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Writes files and commits everything in a checkout. */
export function commitIn(root: string, files: Readonly<Record<string, string>>, message = 'Work'): string {
  for (const [file, text] of Object.entries(files)) put(root, file, text);
  gitIn(root, 'add', '--all');
  gitIn(root, 'commit', '--quiet', '--message', message);
  return gitIn(root, 'rev-parse', 'HEAD');
}
