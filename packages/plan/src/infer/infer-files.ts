import { withSymbolLines } from './symbol-lines.ts';
import { rangeAt, type Diagnostic } from '#protocol';
import type { SourceDocument } from '../model.ts';
import { createCoChange } from './co-change.ts';
import { ownedFolders } from './code-owners.ts';
import { inferDependencies } from './dependencies.ts';
import { inferEstimates } from './estimates.ts';
import { indexFiles, type RepositoryEvidence } from './evidence.ts';
import { inferWrites } from './files.ts';
import { createHistoryFiles } from './history-files.ts';
import { createHistoryEstimate } from './history-estimate.ts';
import { createImportGraph } from './import-graph.ts';
import { addLikelyFiles } from './likely-files.ts';
import { inputQuality } from './quality.ts';
import type { Rename } from './renames.ts';
import { renameReason } from './resolve-path.ts';

/**
 * The document with what it leaves open filled in from the repository: files, dependencies and estimates, each with its reason.
 * What the document states is never changed but for the spelling of paths that exist.
 */
export function inferFiles(document: SourceDocument, evidence: RepositoryEvidence): SourceDocument {
  const { trackedFiles, commits = [], codeowners = '', readText, renames = new Map() } = evidence;
  const index = indexFiles(trackedFiles);
  const found = inferWrites(document, index, { owned: ownedFolders(codeowners), renames });
  const written =
    readText === undefined ? found : found.map((task) => withSymbolLines(task, index.all, readText));
  const likely = addLikelyFiles(written, {
    index,
    coChange: commits.length === 0 ? undefined : createCoChange(commits),
    history: commits.length === 0 ? undefined : createHistoryFiles(commits, index),
    imports: readText === undefined ? undefined : createImportGraph(index, readText),
  });
  const tasks = inferEstimates(
    inferDependencies(likely, { isList: isList(document) }),
    createHistoryEstimate(commits),
  );
  return withQuality({
    ...document,
    tasks,
    diagnostics: [
      ...document.diagnostics,
      ...movedFiles(document, renames, index.all),
      ...historyCut(document, evidence.unsearched ?? []),
    ],
  });
}

/** Where a long history was not looked through, a missing file may have another name by now. */
function historyCut({ path }: SourceDocument, unsearched: readonly string[]): readonly Diagnostic[] {
  if (unsearched.length === 0) return [];
  const shown = unsearched.slice(0, 3).join(', ');
  return [
    {
      severity: 'warning',
      code: 'HISTORY_CUT',
      message: `the history is too long to look in it for what became of ${shown}${unsearched.length > 3 ? ` and ${unsearched.length - 3} more` : ''}`,
      path,
      range: rangeAt(1),
      hint: 'name the files as they are called now',
    },
  ];
}

// Formats whose tasks have a field for what they wait for, or files of their own.
const WITH_FIELDS: ReadonlySet<string> = new Set([
  'task-master',
  'task-master-text',
  'beads',
  'backlog',
  'ccpm',
  'cursor',
  'gsd',
  'ralph',
  'json',
  'task-graph',
  'task-graph-md',
  'claude-task',
]);

/** True for a list whose order is what its author has for saying what comes first. */
function isList({ format, stages }: SourceDocument): boolean {
  return stages.length === 0 && !WITH_FIELDS.has(format);
}

/** Paths that the document names by a former name. */
function movedFiles(
  { path, tasks }: SourceDocument,
  renames: ReadonlyMap<string, Rename>,
  tracked: ReadonlySet<string>,
): readonly Diagnostic[] {
  return tasks.flatMap(({ id, writes, range, source }) =>
    writes.flatMap((write): readonly Diagnostic[] => {
      const rename = write.mode === 'create' ? undefined : renames.get(write.path);
      if (rename === undefined || tracked.has(write.path) || !tracked.has(rename.to)) return [];
      return [
        {
          severity: 'warning',
          code: 'FILE_MOVED',
          message: `${id}: ${renameReason(write.path, rename)}; the new path is planned`,
          path: source ?? path,
          range,
          hint: `write ${rename.to} in the document`,
        },
      ];
    }),
  );
}

const POOR = 40;

/** A poor document is a warning that says what to add. */
function withQuality(document: SourceDocument): SourceDocument {
  const { score, advice } = inputQuality(document);
  if (score >= POOR) return document;
  const warning: Diagnostic = {
    severity: 'warning',
    code: 'INPUT_POOR',
    message: `the document scores ${score} of 100 for parallel work`,
    path: document.path,
    range: rangeAt(1),
    hint: advice.join('; '),
  };
  return { ...document, diagnostics: [...document.diagnostics, warning] };
}
