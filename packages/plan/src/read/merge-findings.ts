import type { SourceInput } from '../model.ts';
import { skippedOf, type DraftStage, type Findings } from './finish.ts';
import type { TaskDraft } from './task-draft.ts';

/** What was found in one file of several. */
export interface FileFindings {
  readonly findings: Findings;
  /** Format of the reader that found it. */
  readonly reader: string;
}

/** The findings of several files as those of one document; each task keeps the file it came from. */
export function mergeFindings(input: SourceInput, files: readonly FileFindings[]): Findings {
  const kept = keptFiles(files);
  const drafts: TaskDraft[] = [];
  const stages: DraftStage[] = [];
  const diagnostics = [];
  const skipped = [];
  for (const { findings } of kept) {
    const source = findings.input.path;
    const own = findings.drafts.map((draft): TaskDraft => ({
      ...draft,
      path: source,
      aliases: [...draft.aliases, nameOf(source)],
    }));
    drafts.push(...own);
    const copies = new Map(findings.drafts.map((draft, index) => [draft, own[index] ?? draft]));
    const copyOf = (draft: TaskDraft): TaskDraft => copies.get(draft) ?? draft;
    for (const stage of findings.stages ?? []) stages.push({ ...stage, drafts: stage.drafts.map(copyOf) });
    skipped.push(...skippedOf(findings, findings.drafts).map((item) => ({ ...item, source })));
    diagnostics.push(...(findings.diagnostics ?? []));
  }
  const formats = [...new Set(kept.map(({ findings }) => findings.format))];
  return {
    input,
    format: formats[0] ?? 'prd',
    formatWhy: `${kept.length} of ${files.length} files, ${kept[0]?.findings.formatWhy ?? 'none of a known format'}`,
    feature: featureOf(files, kept) ?? input.path.split('/').at(-1) ?? input.path,
    drafts,
    // Of several files nobody knows whose phases come first.
    stages: kept.length === 1 ? stages : [],
    areas: kept.flatMap(({ findings }) => findings.areas ?? []),
    declared: kept.flatMap(({ findings }) => findings.declared ?? []),
    skipped,
    diagnostics,
  };
}

function nameOf(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.\w+$/u, '');
}

function featureOf(files: readonly FileFindings[], kept: readonly FileFindings[]): string | undefined {
  const overview = files.find(({ findings }) =>
    /(?:^|\/)(?:epic|prd|plan|overview)\.md$/iu.test(findings.input.path),
  );
  return (overview ?? kept[0])?.findings.feature;
}

/** Without prose beside files of a format, and without an overview or analysis whose tasks have files of their own. */
function keptFiles(files: readonly FileFindings[]): readonly FileFindings[] {
  const known = files.filter(({ reader, findings }) => reader !== 'prd' && findings.drafts.length > 0);
  if (known.length === 0) return files.filter(({ findings }) => findings.drafts.length > 0);
  const isOverview = ({ findings }: FileFindings): boolean =>
    /(?:^|\/)epic\.md$|-analysis\.md$/u.test(findings.input.path);
  const tasks = known.filter((file) => !isOverview(file));
  if (tasks.length === 0) return known;
  const named = new Set(
    tasks.flatMap(({ findings }) => [nameOf(findings.input.path), ...findings.drafts.map(({ id }) => id)]),
  );
  const overviews = known
    .filter(({ findings }) => /(?:^|\/)epic\.md$/u.test(findings.input.path))
    .map((file) => onlyUnknown(file, named))
    .filter(({ findings }) => findings.drafts.length > 0);
  return [...tasks, ...overviews];
}

/** An overview with the tasks alone that have no file of their own; the others are listed there once more. */
function onlyUnknown(
  { findings, reader }: FileFindings,
  named: ReadonlySet<string | undefined>,
): FileFindings {
  const drafts = findings.drafts.filter(({ id }) => !named.has(id));
  const reasons = new Map(
    findings.drafts
      .filter(({ id }) => named.has(id))
      .map(({ line }) => [line, 'it is listed elsewhere in a file of its own'] as const),
  );
  return {
    reader,
    findings: { ...findings, drafts, reasons: new Map([...(findings.reasons ?? []), ...reasons]) },
  };
}
