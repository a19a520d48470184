import { join } from 'node:path';
import { parseFrontMatter } from '#markdown';
import { planHeaderSchema, type PlanHeader } from '#protocol';
import type { Store } from '#store';

interface ReadPlan {
  readonly size: number;
  readonly modifiedMs: number;
  readonly header: PlanHeader | undefined;
}

/** The plans as they are now, and the files among them that could not be read. */
export interface PlansState {
  readonly plans: readonly PlanHeader[];
  readonly unreadable: readonly string[];
}

/** Follows `.squad/parallel-plans/`: a file is read again only when it changed. */
export function followPlans(store: Store, squadDir: string): () => PlansState {
  const folder = join(squadDir, 'parallel-plans');
  const known = new Map<string, ReadPlan>();
  return () => {
    const names = store.list(folder).filter((name) => name.endsWith('-plan.md'));
    for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    for (const name of names) {
      const stat = store.stat(join(folder, name));
      const before = known.get(name);
      if (stat === undefined || (before?.size === stat.size && before.modifiedMs === stat.modifiedMs))
        continue;
      const header = readHeader(store.readText(join(folder, name)) ?? '', name);
      known.set(name, { size: stat.size, modifiedMs: stat.modifiedMs, header });
    }
    const entries = [...known].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      plans: entries.flatMap(([, { header }]) => (header === undefined ? [] : [header])),
      unreadable: entries.filter(([, { header }]) => header === undefined).map(([name]) => name),
    };
  };
}

function readHeader(text: string, path: string): PlanHeader | undefined {
  const parsed = parseFrontMatter(text, path);
  const decoded = parsed.ok ? planHeaderSchema.decode(parsed.value.data) : undefined;
  return decoded?.ok === true ? decoded.value : undefined;
}
