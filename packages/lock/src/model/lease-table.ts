import type { Lease } from './lease.ts';
import { foldersAbove, kindOfResource, resourcesOverlap } from './resource.ts';

type Rows = readonly Lease[];

/**
 * The held leases by resource. A value: `with` gives a new table that shares all that did not change, so that folding
 * a record over ten thousand leases costs no more than over ten.
 */
export class LeaseTable {
  readonly #base: ReadonlyMap<string, Rows>;
  readonly #changed: ReadonlyMap<string, Rows>;
  readonly #patterns: ReadonlySet<string>;

  private constructor(
    base: ReadonlyMap<string, Rows>,
    changed: ReadonlyMap<string, Rows>,
    patterns: ReadonlySet<string>,
  ) {
    this.#base = base;
    this.#changed = changed;
    this.#patterns = patterns;
  }

  static of(leases: Iterable<Lease>): LeaseTable {
    const base = new Map<string, Lease[]>();
    const patterns = new Set<string>();
    for (const lease of leases) {
      const rows = base.get(lease.resource);
      if (rows === undefined) base.set(lease.resource, [lease]);
      else rows.push(lease);
      if (kindOfResource(lease.resource) === 'pattern') patterns.add(lease.resource);
    }
    return new LeaseTable(base, new Map(), patterns);
  }

  /** The leases of exactly this resource. */
  of(resource: string): Rows {
    return this.#changed.get(resource) ?? this.#base.get(resource) ?? [];
  }

  /** The table with other leases for one resource. */
  with(resource: string, rows: Rows): LeaseTable {
    const changed = new Map(this.#changed).set(resource, rows);
    if (kindOfResource(resource) !== 'pattern') return new LeaseTable(this.#base, changed, this.#patterns);
    const patterns = new Set(this.#patterns);
    if (rows.length > 0) patterns.add(resource);
    else patterns.delete(resource);
    return new LeaseTable(this.#base, changed, patterns);
  }

  /** Every lease whose resource has something in common with this one. */
  overlapping(resource: string): Lease[] {
    const kind = kindOfResource(resource);
    if (kind === 'named') return [...this.of(resource)];
    const near = kind === 'file' ? this.#around(resource) : [...this.resources()];
    return near.filter((other) => resourcesOverlap(resource, other)).flatMap((other) => [...this.of(other)]);
  }

  *resources(): Iterable<string> {
    for (const name of this.#base.keys()) if (!this.#changed.has(name)) yield name;
    for (const [name, rows] of this.#changed) if (rows.length > 0) yield name;
  }

  *[Symbol.iterator](): Iterator<Lease> {
    for (const name of this.resources()) yield* this.of(name);
  }

  // Only itself, the folders above it and patterns can meet a file; nothing else need be looked at.
  #around(file: string): string[] {
    return [file, `${file}/`, ...foldersAbove(file), ...this.#patterns];
  }
}
