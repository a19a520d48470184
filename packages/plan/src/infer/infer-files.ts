import type { SourceDocument } from '../model.ts';
import { inferDependencies } from './dependencies.ts';
import { inferEstimates } from './estimates.ts';
import { indexFiles, type RepositoryEvidence } from './evidence.ts';
import { inferWrites } from './files.ts';

/**
 * The document with what it leaves open filled in from the repository: files, dependencies and estimates, each with its reason.
 * What the document states is never changed but for the spelling of paths that exist.
 */
export function inferFiles(document: SourceDocument, evidence: RepositoryEvidence): SourceDocument {
  const tasks = inferEstimates(inferDependencies(inferWrites(document, indexFiles(evidence.trackedFiles))));
  return { ...document, tasks };
}
