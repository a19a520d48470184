import { invertLists, packLists, type Lists } from './lists.ts';

/**
 * Tasks to be scheduled, in whole numbers only. Nodes from `taskCount` on are barriers: they take no time and no agent.
 * A file is written by one task at a time.
 */
export interface Problem {
  readonly size: number;
  readonly taskCount: number;
  /** Minutes; every task takes at least one. */
  readonly durations: Int32Array;
  readonly predecessors: Lists;
  readonly successors: Lists;
  /** Files that each task writes. */
  readonly files: Lists;
  /** Files that nobody else may write meanwhile: the task's own, and those that its folders and patterns may mean. */
  readonly locks: Lists;
  /** Tasks that write each file, in document order. */
  readonly writers: Lists;
  readonly fileCount: number;
  /** The segment between two barriers that each task is in, from 0. */
  readonly segments: Int32Array;
  readonly segmentCount: number;
  /** Agents that may do each task, as bits. */
  readonly allowed: Int32Array;
  readonly agentCount: number;
  /** Minutes that pass when a file changes hands; half of them when a task waits for another agent's. */
  readonly handoffMinutes: number;
}

/** What {@link createProblem} is made of. */
export interface ProblemParts {
  readonly durations: readonly number[];
  /** `[before, after]` pairs, free of cycles; indexes from `durations.length` on are barriers. */
  readonly edges: readonly (readonly [number, number])[];
  readonly barrierCount?: number;
  readonly files: readonly (readonly number[])[];
  /** Where it differs from `files`. */
  readonly locks?: readonly (readonly number[])[];
  readonly fileCount: number;
  readonly segments?: readonly number[];
  readonly allowed?: readonly number[];
  readonly agentCount: number;
  readonly handoffMinutes?: number;
}

/** All agents, as bits. */
function allAgents(agentCount: number): number {
  return 2 ** agentCount - 1;
}

/** Lays a problem out for the scheduler. */
export function createProblem(parts: ProblemParts): Problem {
  const taskCount = parts.durations.length;
  const size = taskCount + (parts.barrierCount ?? 0);
  const rows = Array.from({ length: size }, (): number[] => []);
  for (const [before, after] of parts.edges) rows[after]?.push(before);
  const predecessors = packLists(rows.map((row) => [...new Set(row)]));
  const files = packLists(parts.files);
  const durations = new Int32Array(size);
  durations.set(parts.durations);
  const segments = Int32Array.from(parts.segments ?? parts.durations.map(() => 0));
  return {
    size,
    taskCount,
    durations,
    predecessors,
    successors: invertLists(predecessors, size),
    files,
    locks: parts.locks === undefined ? files : packLists(parts.locks),
    writers: invertLists(files, parts.fileCount),
    fileCount: parts.fileCount,
    segments,
    segmentCount: segments.reduce((most, segment) => Math.max(most, segment + 1), 1),
    allowed: Int32Array.from(parts.allowed ?? parts.durations.map(() => allAgents(parts.agentCount))),
    agentCount: parts.agentCount,
    handoffMinutes: parts.handoffMinutes ?? 0,
  };
}
