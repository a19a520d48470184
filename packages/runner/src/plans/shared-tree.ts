import { listChanges } from '#git';
import type { Workspaces } from './workspace.ts';

/**
 * Everybody works in one tree, each in its own folders (the guard enforces them). Nothing is committed: what agents
 * change stays in the tree for the person.
 */
export function createSharedTree(root: string): Workspaces {
  const before = new Map<string, ReadonlySet<string>>();
  const changed = async (): Promise<readonly string[]> => (await listChanges(root)).map(({ path }) => path);
  return {
    async open(task) {
      before.set(task.id, new Set(await changed()));
      return { cwd: root, env: {} };
    },
    async settle(task) {
      const known = before.get(task.id) ?? new Set<string>();
      const now = (await changed()).filter((path) => !known.has(path) && !path.startsWith('.squad/'));
      return { changed: now, leftovers: now.length > 0 ? 'kept' : 'none' };
    },
    integrate: () => Promise.resolve({ kind: 'merged', commit: '' }),
    integrated: () => Promise.resolve(root),
    close: () => Promise.resolve(),
    preview: () => ({ cwd: root }),
  };
}
