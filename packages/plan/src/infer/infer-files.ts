import type { SourceDocument } from '../model.ts';
import { createCoChange } from './co-change.ts';
import { ownedFolders } from './code-owners.ts';
import { inferDependencies } from './dependencies.ts';
import { inferEstimates } from './estimates.ts';
import { indexFiles, type RepositoryEvidence } from './evidence.ts';
import { inferWrites } from './files.ts';
import { createHistoryEstimate } from './history-estimate.ts';
import { createImportGraph } from './import-graph.ts';
import { addLikelyFiles } from './likely-files.ts';

/**
 * The document with what it leaves open filled in from the repository: files, dependencies and estimates, each with its reason.
 * What the document states is never changed but for the spelling of paths that exist.
 */
export function inferFiles(document: SourceDocument, evidence: RepositoryEvidence): SourceDocument {
  const { trackedFiles, commits = [], codeowners = '', readText } = evidence;
  const index = indexFiles(trackedFiles);
  const written = inferWrites(document, index, ownedFolders(codeowners));
  const likely = addLikelyFiles(written, {
    index,
    coChange: commits.length === 0 ? undefined : createCoChange(commits),
    imports: readText === undefined ? undefined : createImportGraph(index, readText),
  });
  const tasks = inferEstimates(inferDependencies(likely), createHistoryEstimate(commits));
  return { ...document, tasks };
}
