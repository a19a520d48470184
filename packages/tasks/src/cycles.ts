interface Arrow {
  readonly from: string;
  readonly to: string;
}

/**
 * A cycle, as the ids along it, for every edge that closes one in a depth-first search from the first id on: without
 * the edges from each cycle's last id to its first the graph has none. Iterative, so that ten thousand tasks in a row
 * do not exhaust the stack.
 */
export function findCycles(ids: readonly string[], edges: readonly Arrow[]): readonly (readonly string[])[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const state = new Map<string, 'open' | 'closed'>();
  const cycles: string[][] = [];
  for (const start of ids) if (!state.has(start)) search(start, { next, state, cycles });
  return cycles;
}

interface Search {
  readonly next: ReadonlyMap<string, readonly string[]>;
  readonly state: Map<string, 'open' | 'closed'>;
  readonly cycles: string[][];
}

function search(start: string, { next, state, cycles }: Search): void {
  const path: { id: string; index: number }[] = [{ id: start, index: 0 }];
  const places = new Map([[start, 0]]);
  state.set(start, 'open');
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const target = next.get(top.id)?.[top.index];
    top.index += 1;
    if (target === undefined) {
      state.set(top.id, 'closed');
      places.delete(top.id);
      path.pop();
    } else if (state.get(target) === 'open') {
      cycles.push(path.slice(places.get(target) ?? 0).map(({ id }) => id));
    } else if (!state.has(target)) {
      state.set(target, 'open');
      places.set(target, path.length);
      path.push({ id: target, index: 0 });
    }
  }
}
