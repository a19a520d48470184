import { join } from 'node:path';
import type { Store } from '#store';

// What the other project that uses `.squad/` (@bradygaster/squad-cli) keeps there.
const FOREIGN_MARKS = ['team.md', 'agents', 'routing.md', 'casting', 'decisions.md', 'ceremonies.md'];

/** Names by which a `.squad/` folder shows that another tool made it; empty when it is ours or absent. */
export function foreignMarks(store: Store, squadDir: string): readonly string[] {
  if (store.stat(join(squadDir, 'installed.json')) !== undefined) return [];
  return FOREIGN_MARKS.filter((name) => store.stat(join(squadDir, name)) !== undefined);
}
