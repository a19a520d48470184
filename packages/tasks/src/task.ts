import type { TaskFiles } from '#protocol';

/** How urgent a task is; ties between ready tasks are broken by it. */
export type Priority = 'critical' | 'high' | 'medium' | 'low';

/** One piece of work as the graph knows it, whatever document it came from. */
export interface Task {
  readonly id: string;
  readonly title: string;
  /** Who is to do it; `undefined` when anyone may claim it. */
  readonly agent: string | undefined;
  readonly files: TaskFiles;
  readonly dependsOn: readonly string[];
  /** False: nothing else may run while this task does. */
  readonly parallelOk: boolean;
  /** Names of things (contracts, files) that this task makes for others. */
  readonly produces: readonly string[];
  /** Names that must have been produced before this task starts. */
  readonly consumes: readonly string[];
  readonly priority: Priority;
  /** True: once done, a person approves before dependents start. */
  readonly checkpoint: boolean;
  /** A shell command whose success shows the task done. */
  readonly acceptance: string | undefined;
  /** More shell commands that must succeed before it counts as complete. */
  readonly gates: readonly string[];
  /** What must hold when done, in words. */
  readonly criteria: readonly string[];
  /** How often a transient failure may be tried again. */
  readonly retries: number;
  readonly estimateMinutes: number;
  /** Everything else the document says about the task, for the agent that does it. */
  readonly detail: string;
  readonly source: { readonly path: string; readonly line: number };
}

/** What a task is when its document does not say otherwise. */
export const TASK_DEFAULTS: Omit<Task, 'id' | 'title' | 'source'> = {
  agent: undefined,
  files: { create: [], modify: [], read: [] },
  dependsOn: [],
  parallelOk: true,
  produces: [],
  consumes: [],
  priority: 'medium',
  checkpoint: false,
  acceptance: undefined,
  gates: [],
  criteria: [],
  retries: 2,
  estimateMinutes: 30,
  detail: '',
};

const PRIORITY_WORDS: Readonly<Record<string, Priority>> = {
  critical: 'critical',
  p0: 'critical',
  '0': 'critical',
  urgent: 'critical',
  blocker: 'critical',
  high: 'high',
  p1: 'high',
  '1': 'high',
  medium: 'medium',
  normal: 'medium',
  p2: 'medium',
  '2': 'medium',
  low: 'low',
  p3: 'low',
  '3': 'low',
};

/** Reads a priority word of this or another dialect (`P1`, `High`), else `undefined`. */
export function parsePriority(text: string): Priority | undefined {
  return PRIORITY_WORDS[text.trim().toLowerCase()];
}

/** 0 for critical up to 3 for low. */
export function priorityRank(priority: Priority): number {
  return ['critical', 'high', 'medium', 'low'].indexOf(priority);
}

/** Paths that the task writes. */
export function writtenBy(task: Task): readonly string[] {
  return [...task.files.create, ...task.files.modify];
}
