import { BaseRows } from './base-rows.ts';
import type { Lease } from './lease.ts';
import { foldersAbove, kindOfResource, resourcesOverlap } from './resource.ts';

type Rows = readonly Lease[];

/** One record's own table, until the record is folded: nobody else holds it, so it is filled in place. */
export interface LeaseEdit {
  readonly table: LeaseTable;
  /** Gives a resource other leases. */
  readonly put: (resource: string, rows: Rows) => void;
}

/**
 * The held leases by resource. A value to all who read it: `edit` gives a new table that shares the base, copied once
 * for all that a record changes, so that a record over five hundred leases copies no more than one over a single one.
 */
export class LeaseTable {
  readonly #base: BaseRows;
  readonly #changed: ReadonlyMap<string, Rows>;
  readonly #patterns: ReadonlySet<string>;
  // Thirty who wait for one file ask thirty times in one fold step.
  readonly #overlaps = new Map<string, Rows>();

  private constructor(base: BaseRows, changed: ReadonlyMap<string, Rows>, patterns: ReadonlySet<string>) {
    this.#base = base;
    this.#changed = changed;
    this.#patterns = patterns;
  }

  static readonly empty: LeaseTable = new LeaseTable(BaseRows.empty, new Map(), new Set());

  /** The leases of a base, and which of its resources are patterns. */
  static ofBase(base: BaseRows, patterns: readonly string[]): LeaseTable {
    return new LeaseTable(base, new Map(), new Set(patterns));
  }

  get patterns(): readonly string[] {
    return [...this.#patterns];
  }

  /** What differs from the base that the table began with: other leases on a resource, or none. */
  get changes(): ReadonlyMap<string, Rows> {
    return this.#changed;
  }

  /** Roughly how many characters it takes to write the table down; to know it, nothing is read. */
  get weight(): number {
    return this.#base.length + this.#changed.size * 256;
  }

  /** The leases of exactly this resource. */
  of(resource: string): Rows {
    return this.#changed.get(resource) ?? this.#base.find(resource);
  }

  /** Every lease of this agent, in the order of the whole table. */
  *ofAgent(agent: string): Iterable<Lease> {
    for (const lease of this.#base.ofAgent(agent)) if (!this.#changed.has(lease.resource)) yield lease;
    for (const rows of this.#changed.values())
      for (const lease of rows) if (lease.agent === agent) yield lease;
  }

  /** A table of its own that starts as this one, which stays as it is. */
  edit(): LeaseEdit {
    const changed = new Map(this.#changed);
    const patterns = new Set(this.#patterns);
    const table = new LeaseTable(this.#base, changed, patterns);
    return {
      table,
      put: (resource, rows) => {
        table.#overlaps.clear();
        changed.set(resource, rows);
        if (kindOfResource(resource) !== 'pattern') return;
        if (rows.length > 0) patterns.add(resource);
        else patterns.delete(resource);
      },
    };
  }

  /** Every lease whose resource has something in common with this one. */
  overlapping(resource: string): Rows {
    const known = this.#overlaps.get(resource);
    if (known !== undefined) return known;
    const found = this.#searchOverlaps(resource);
    this.#overlaps.set(resource, found);
    return found;
  }

  #searchOverlaps(resource: string): Lease[] {
    const kind = kindOfResource(resource);
    if (kind === 'named') return [...this.of(resource)];
    if (kind !== 'file') return [...this].filter((lease) => resourcesOverlap(resource, lease.resource));
    // Only itself, the folders above it and patterns can meet a file; nothing else need be looked at.
    const near = [resource, `${resource}/`, ...foldersAbove(resource)];
    for (const other of this.#patterns) if (resourcesOverlap(resource, other)) near.push(other);
    return near.flatMap((other) => this.of(other));
  }

  /** The names of everything held. */
  resources(): Set<string> {
    return new Set(Array.from(this, ({ resource }) => resource));
  }

  *[Symbol.iterator](): Iterator<Lease> {
    for (const lease of this.#base) if (!this.#changed.has(lease.resource)) yield lease;
    for (const rows of this.#changed.values()) yield* rows;
  }
}
