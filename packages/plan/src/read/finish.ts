import { hasErrors, rangeAt, type Diagnostic } from '#protocol';
import type { Dependency, SourceDocument, SourceInput, SourceTask, Stage } from '../model.ts';
import { withoutRoot } from './absolute-path.ts';
import { assignIds } from './assign-ids.ts';
import { checkpointsOf } from './checkpoints.ts';
import type { Outline } from './outline.ts';
import { resolveReferences } from './resolve.ts';
import { accountForItems } from './skipped.ts';
import type { TaskDraft } from './task-draft.ts';

/** What a reader found; the rest of a `SourceDocument` follows from it. */
export interface Findings {
  readonly input: SourceInput;
  readonly format: string;
  readonly formatWhy: string;
  readonly feature: string;
  readonly drafts: readonly TaskDraft[];
  readonly outline?: Outline;
  /** Why items on these lines are no tasks. */
  readonly reasons?: ReadonlyMap<number, string>;
  readonly stages?: readonly DraftStage[];
  readonly areas?: SourceDocument['areas'];
  readonly declared?: SourceDocument['declared'];
  readonly diagnostics?: readonly Diagnostic[];
  /** Items accounted for by the reader itself. */
  readonly skipped?: SourceDocument['skipped'];
  readonly noTasksHint?: string;
}

/** A phase by its drafts. */
export interface DraftStage {
  readonly name: string;
  readonly drafts: readonly TaskDraft[];
  readonly isBarrier: boolean;
}

/** Ids, dependencies, skipped items and diagnostics of what a reader found. */
export function finishDocument(findings: Findings): SourceDocument {
  const { input } = findings;
  // An empty box is a slip of the pen.
  const drafts = findings.drafts.filter((draft) => draft.id !== undefined || plainTitle(draft.title) !== '');
  const named = assignIds(drafts, input.path);
  const resolved = resolveReferences(drafts, named.ids, input);
  const found = drafts.map((draft, index) =>
    toTask(draft, named.ids[index] ?? '', resolved.dependencies[index] ?? []),
  );
  const tasks = withoutRoot(found, input.text);
  const idOf = new Map(drafts.map((draft, index) => [draft, named.ids[index] ?? '']));
  const checkpoints = checkpointsOf(findings, drafts, idOf);
  return {
    path: input.path,
    format: findings.format,
    formatWhy: findings.formatWhy,
    feature: findings.feature,
    hash: input.hash,
    tasks,
    stages: (findings.stages ?? []).map((stage) => toStage(stage, idOf)),
    ...(checkpoints.length === 0 ? {} : { checkpoints }),
    skipped: skippedOf(findings, drafts),
    areas: findings.areas ?? [],
    declared: findings.declared ?? [],
    diagnostics: [
      ...(findings.diagnostics ?? []),
      ...named.diagnostics,
      ...resolved.diagnostics,
      ...(tasks.length === 0 && !hasErrors(findings.diagnostics ?? []) ? [noTasks(findings)] : []),
    ],
  };
}

/** Every list item of a document that is no task, with its reason. */
export function skippedOf(findings: Findings, drafts: readonly TaskDraft[]): SourceDocument['skipped'] {
  const { outline, skipped = [], reasons } = findings;
  return outline === undefined ? skipped : [...skipped, ...accountForItems(outline, drafts, reasons)];
}

function toStage(stage: DraftStage, idOf: ReadonlyMap<TaskDraft, string>): Stage {
  return {
    name: stage.name,
    taskIds: stage.drafts.flatMap((draft) => idOf.get(draft) ?? []),
    isBarrier: stage.isBarrier,
  };
}

function toTask(draft: TaskDraft, id: string, dependencies: readonly Dependency[]): SourceTask {
  return {
    id,
    title: plainTitle(draft.title) || id,
    section: draft.section,
    range: { start: { line: draft.line, column: draft.column }, end: { line: draft.endLine + 1, column: 1 } },
    ...(draft.path === undefined ? {} : { source: draft.path }),
    writes: draft.writes.filter(
      (write) => !draft.forbidden.includes(write.path) && !isShortForm(write.path, draft),
    ),
    reads: draft.reads.filter((path) => !draft.writes.some((write) => write.path === path)),
    forbidden: draft.forbidden,
    dependencies,
    conflictsWith: draft.conflictsWith,
    parallel: draft.parallel,
    estimate: draft.estimate,
    priority: draft.priority,
    agent: draft.agent,
    skills: draft.skills,
    status: draft.status,
    kind: draft.kind,
    optional: draft.optional,
    acceptance: draft.acceptance,
    ...(draft.gates.length === 0 ? {} : { gates: draft.gates }),
    ...(draft.approval === undefined ? {} : { approval: draft.approval }),
    detail: draft.detail.join('\n'),
  };
}

/** True for `events/route.ts` beside `src/events/route.ts`, and for `CHANGELOG` beside `CHANGELOG.md`: the same file, named twice. */
function isShortForm(path: string, draft: TaskDraft): boolean {
  return draft.writes.some(({ path: other }) => {
    const base = other.slice(other.lastIndexOf('/') + 1);
    return (
      other.endsWith(`/${path}`) ||
      (base.lastIndexOf('.') > 0 && base.slice(0, base.lastIndexOf('.')) === path)
    );
  });
}

const MAX_TITLE = 300;

/** A title without emphasis marks; code spans keep their text. */
export function plainTitle(title: string): string {
  const text = title
    .replace(/\*\*([^*]+)\*\*/gu, '$1')
    .replace(/~~/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text;
}

function noTasks(findings: Findings): Diagnostic {
  return {
    severity: 'error',
    code: 'NO_TASKS',
    message: `no task was found (read as ${findings.format}: ${findings.formatWhy})`,
    path: findings.input.path,
    range: rangeAt(1),
    hint:
      findings.noTasksHint ??
      'list the work under a heading "## Tasks", one item per task, or name the format with --format',
  };
}
