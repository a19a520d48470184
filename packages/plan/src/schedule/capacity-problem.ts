import { packLists, invertLists, type Lists } from './lists.ts';

/**
 * The general form of what the planner solves (RCPSP): activities with predecessors that use resources of limited
 * capacity. Agents are one resource with as many units as there are agents, a file is a resource with one unit.
 */
export interface CapacityProblem {
  readonly count: number;
  readonly durations: Int32Array;
  readonly predecessors: Lists;
  readonly successors: Lists;
  /** Units of each resource. */
  readonly capacities: Int32Array;
  /** Resources that each activity uses, and how many units of each, place by place. */
  readonly uses: Lists;
  readonly units: Int32Array;
}

/** What {@link createCapacityProblem} is made of. */
export interface CapacityParts {
  readonly durations: readonly number[];
  readonly edges: readonly (readonly [number, number])[];
  readonly capacities: readonly number[];
  /** `[resource, units]` of each activity. */
  readonly demands: readonly (readonly (readonly [number, number])[])[];
}

/** Lays a problem out; demands of nothing are dropped. */
export function createCapacityProblem(parts: CapacityParts): CapacityProblem {
  const count = parts.durations.length;
  const rows = Array.from({ length: count }, (): number[] => []);
  for (const [before, after] of parts.edges) rows[after]?.push(before);
  const predecessors = packLists(rows.map((row) => [...new Set(row)]));
  const demands = parts.demands.map((row) => row.filter(([, units]) => units > 0));
  return {
    count,
    durations: Int32Array.from(parts.durations),
    predecessors,
    successors: invertLists(predecessors, count),
    capacities: Int32Array.from(parts.capacities),
    uses: packLists(demands.map((row) => row.map(([resource]) => resource))),
    units: Int32Array.from(demands.flatMap((row) => row.map(([, units]) => units))),
  };
}
