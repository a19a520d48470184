import type { Diagnostic, Range } from '#protocol';

/** How sure the reader is of a file, from the text down to a guess; see PLANNING 5.2 for the measured precision of each rung. */
export type Rung = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** A path that a task writes. A path ending in `/` is a folder, one with `*`, `?`, `[` or `{` a pattern. */
export interface FileRef {
  readonly path: string;
  readonly mode: 'create' | 'modify' | 'delete' | 'unknown';
  readonly rung: Rung;
  /** Where the path was found or why it was inferred, in words. */
  readonly why: string;
  /** The parts of the file that the task owns, as in `src/store.ts::Store.get`; absent: the whole file. */
  readonly symbols?: readonly string[];
  /** Line on which each of these parts begins in the file as it is; absent unless all are there. */
  readonly symbolLines?: readonly number[];
}

/** Why a task must wait for another. Explicit reasons are stronger than inferred ones. */
export type DependencyReason =
  | 'field'
  | 'line'
  | 'section'
  | 'wave'
  | 'barrier'
  | 'group'
  | 'same-file'
  | 'order'
  | 'producer'
  | 'types-first';

/** One task must be finished before another starts. */
export interface Dependency {
  readonly id: string;
  readonly reason: DependencyReason;
  readonly why: string;
}

/** How long a task is thought to take, and where the figure comes from. */
export interface Estimate {
  readonly minutes: number;
  readonly reason: 'given' | 'points' | 'size' | 'history' | 'default';
  readonly why: string;
}

/** A leaf task of a planning document, whatever its format. */
export interface SourceTask {
  /** As in the source, qualified where the source repeats it (`WP02/T003`); made from the title where it has none. */
  readonly id: string;
  readonly title: string;
  /** Headings and groups above the task, outermost first. */
  readonly section: readonly string[];
  readonly range: Range;
  /** File the range refers to, where it is not the document's own path: one of several read together. */
  readonly source?: string;
  readonly writes: readonly FileRef[];
  readonly reads: readonly string[];
  /** Files that the repository's history or imports say may change too; told to people, never owned because of it. */
  readonly likely?: readonly FileRef[];
  /** Paths that the document says the task must not touch. */
  readonly forbidden: readonly string[];
  readonly dependencies: readonly Dependency[];
  /** True where someone has said what the task waits for, so that nothing more is inferred. */
  readonly isOrderKnown?: boolean;
  readonly conflictsWith: readonly string[];
  /** The document's own parallel mark; `undefined` where the format has none. */
  readonly parallel: boolean | undefined;
  readonly estimate: Estimate | undefined;
  readonly priority: string | undefined;
  /** An agent or role that the document names. */
  readonly agent: string | undefined;
  readonly skills: readonly string[];
  readonly status: 'todo' | 'doing' | 'done' | 'cancelled';
  readonly kind: 'task' | 'checkpoint' | 'verify';
  readonly optional: boolean;
  readonly acceptance: readonly string[];
  /** Text that belongs to the task beside its title, for keyword inference and the plan. */
  readonly detail: string;
  /** Commands that must succeed before the task counts as complete. */
  readonly gates?: readonly string[];
  /** Words by which the document wants a person to approve the task before others build on it. */
  readonly approval?: string;
  /** Why the plan has the task though the document does not state it. */
  readonly added?: string;
}

/** A list item or heading that looked like work and was not taken as a task. */
export interface Skipped {
  readonly text: string;
  readonly range: Range;
  readonly reason: string;
  /** File the range refers to, where several were read together. */
  readonly source?: string;
}

/** A phase or group whose tasks come before those of the next one. */
export interface Stage {
  readonly name: string;
  readonly taskIds: readonly string[];
  /** False where the document lifts the barrier. */
  readonly isBarrier: boolean;
}

/** A line between tasks that speaks of a checkpoint, a gate or an approval. */
export interface Checkpoint {
  readonly text: string;
  readonly line: number;
  /** True where a person is to decide. */
  readonly isAsked: boolean;
  /** Commands that must succeed. */
  readonly commands: readonly string[];
  /** Ids of the tasks that it follows. */
  readonly after: readonly string[];
  /** Ids of the tasks that it goes before. */
  readonly before: readonly string[];
}

/** A planning document, read. */
export interface SourceDocument {
  readonly path: string;
  readonly format: string;
  /** How the format was recognised, or that it was forced. */
  readonly formatWhy: string;
  readonly feature: string;
  /** `sha256:` and 64 hex digits of the bytes. */
  readonly hash: string;
  readonly tasks: readonly SourceTask[];
  readonly stages: readonly Stage[];
  readonly checkpoints?: readonly Checkpoint[];
  readonly skipped: readonly Skipped[];
  /** Area names (frontend, backend, ml …) that requirements name, with the text that does. */
  readonly areas: readonly { readonly area: string; readonly why: string }[];
  /** Paths that the document itself declares shared or read-only. */
  readonly declared: readonly {
    readonly path: string;
    readonly access: 'SEQUENTIAL' | 'READ-ONLY';
    readonly why: string;
  }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A document as handed to a reader. */
export interface SourceInput {
  readonly path: string;
  /** Text without byte-order mark and with LF line ends; positions refer to it. */
  readonly text: string;
  readonly hash: string;
}
