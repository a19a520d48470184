import type { Estimate, FileRef, SourceTask } from '../model.ts';

/** A dependency as the text names it, before ids are known. */
export interface RawReference {
  /** Ids as written; a range stands for every known id in it. */
  readonly targets: readonly (string | { readonly from: string; readonly to: string })[];
  readonly reason: 'field' | 'line' | 'section' | 'wave' | 'order' | 'group';
  readonly why: string;
  readonly line: number;
  /** False where the words need not be a reference at all: an id nobody bears is then no problem. */
  readonly isCertain: boolean;
}

/** A task being read. Readers fill it; {@link finishDocument} turns it into a `SourceTask`. */
export interface TaskDraft {
  readonly id: string | undefined;
  title: string;
  /** Where the id is repeated in the document it is qualified by this name. */
  readonly qualifier: string;
  readonly section: readonly string[];
  readonly line: number;
  readonly column: number;
  endLine: number;
  readonly path: string | undefined;
  readonly writes: FileRef[];
  readonly reads: string[];
  readonly forbidden: string[];
  readonly references: RawReference[];
  readonly blocks: RawReference[];
  readonly conflictsWith: string[];
  parallel: boolean | undefined;
  estimate: Estimate | undefined;
  priority: string | undefined;
  agent: string | undefined;
  readonly skills: string[];
  status: SourceTask['status'];
  kind: SourceTask['kind'];
  optional: boolean;
  readonly acceptance: string[];
  readonly gates: string[];
  approval: string | undefined;
  readonly detail: string[];
  /** Names by which other tasks may refer to this one besides its id: groups it is in, work package, file name. */
  readonly aliases: string[];
}

/** What every draft begins with. */
export interface DraftStart {
  readonly id?: string | undefined;
  readonly title: string;
  readonly qualifier?: string;
  readonly section: readonly string[];
  readonly line: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly path?: string;
  readonly aliases?: readonly string[];
}

/** An empty draft. */
export function draftOf(start: DraftStart): TaskDraft {
  return {
    id: start.id,
    title: start.title,
    qualifier: start.qualifier ?? start.section.at(-1) ?? '',
    section: start.section,
    line: start.line,
    column: start.column ?? 1,
    endLine: start.endLine ?? start.line,
    path: start.path,
    ...nothingKnown(),
    references: [],
    blocks: [],
    gates: [],
    approval: undefined,
    detail: [],
    aliases: [...(start.aliases ?? [])],
  };
}

/** What a task has before anything is known of it but its name. */
export function nothingKnown(): Pick<
  TaskDraft,
  | 'writes'
  | 'reads'
  | 'forbidden'
  | 'conflictsWith'
  | 'parallel'
  | 'estimate'
  | 'priority'
  | 'agent'
  | 'skills'
  | 'status'
  | 'kind'
  | 'optional'
  | 'acceptance'
> {
  return {
    writes: [],
    reads: [],
    forbidden: [],
    conflictsWith: [],
    parallel: undefined,
    estimate: undefined,
    priority: undefined,
    agent: undefined,
    skills: [],
    status: 'todo',
    kind: 'task',
    optional: false,
    acceptance: [],
  };
}

/** The state a task box says. */
export function boxStatus(box: string | undefined): SourceTask['status'] {
  switch (box) {
    case 'x':
    case 'X':
    case '✓':
    case '✔':
    case '✅':
      return 'done';
    case '-':
      return 'cancelled';
    case '~':
    case '/':
    case '>':
    case '!':
      return 'doing';
    default:
      return 'todo';
  }
}

/** The state a word says, in the dialects met; `todo` for words that say none. */
export function wordStatus(word: string): SourceTask['status'] {
  const plain = word.toLowerCase().replace(/[\s_*`-]+/gu, '');
  if (
    /^(?:done|complete|completed|closed|finished|resolved|merged|passes|passed|true|yes|x|✅|完了|已完成|完成|완료)/u.test(
      plain,
    )
  )
    return 'done';
  if (
    /^(?:cancell?ed|wontfix|dropped|rejected|duplicate|superseded|archived|obsolete|tombstone)/u.test(plain)
  )
    return 'cancelled';
  if (/^(?:inprogress|doing|active|started|wip|review|inreview|hooked|进行中|進行中|진행)/u.test(plain))
    return 'doing';
  return 'todo';
}
