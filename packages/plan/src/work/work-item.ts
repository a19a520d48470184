import type { FileRef, SourceTask } from '../model.ts';
import type { Area } from '../read/area.ts';

/** A file that a task will write, as create or as change. */
export interface WrittenFile {
  readonly path: string;
  readonly mode: 'create' | 'modify';
  readonly rung: FileRef['rung'];
  readonly why: string;
  /** The parts of the file that the task keeps to; absent: the whole file. */
  readonly symbols?: readonly string[];
  /** Line on which each of them begins, where all are there. */
  readonly symbolLines?: readonly number[];
}

/** A task made ready for scheduling: every value decided, each with its reason. */
export interface WorkItem {
  readonly source: SourceTask;
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly minutesWhy: string;
  /** False when the estimate is only the default. */
  readonly isEstimated: boolean;
  readonly writes: readonly WrittenFile[];
  readonly reads: readonly string[];
  readonly area: Area | undefined;
  readonly areaWhy: string;
}
