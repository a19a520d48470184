import { byCodeUnit } from '#store';

/** What ordering needs to know of a branch. */
export interface Orderable {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly size: number;
}

/** An order of merging, and the rings of dependencies that no order satisfies. */
export interface Ordering {
  readonly order: readonly string[];
  readonly cycles: readonly (readonly string[])[];
}

/**
 * Dependencies first; among those that could go next, the one that conflicts with the fewest of the rest, then the
 * smaller, then by name. A ring is cut at its cheapest member and reported.
 */
export function orderBranches(
  branches: readonly Orderable[],
  conflicts: readonly (readonly [string, string])[],
): Ordering {
  const rest = new Map(branches.map((branch) => [branch.name, branch]));
  const order: string[] = [];
  const cycles: (readonly string[])[] = [];
  while (rest.size > 0) {
    const ready = [...rest.values()].filter(({ dependsOn }) => !dependsOn.some((name) => rest.has(name)));
    if (ready.length === 0) cycles.push(findCycle(rest));
    const pool = ready.length > 0 ? ready : [...rest.values()];
    const next = pool.toSorted((a, b) => compare(a, b, { rest, conflicts }))[0];
    if (next === undefined) break;
    order.push(next.name);
    rest.delete(next.name);
  }
  return { order, cycles };
}

function compare(
  a: Orderable,
  b: Orderable,
  among: { rest: ReadonlyMap<string, Orderable>; conflicts: readonly (readonly [string, string])[] },
): number {
  const meets = (name: string): number =>
    among.conflicts.filter(([x, y]) => (x === name && among.rest.has(y)) || (y === name && among.rest.has(x)))
      .length;
  return meets(a.name) - meets(b.name) || a.size - b.size || byCodeUnit(a.name, b.name);
}

function findCycle(rest: ReadonlyMap<string, Orderable>): readonly string[] {
  const path: string[] = [];
  let name = [...rest.keys()].toSorted(byCodeUnit)[0];
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = rest.get(name)?.dependsOn.find((other) => rest.has(other));
  }
  return name === undefined ? path : path.slice(path.indexOf(name));
}
