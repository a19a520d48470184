import type { FileRef } from '../model.ts';
import type { Commit } from './evidence.ts';

/** Files that changed together with another, as often as history must show it to be said. */
export interface CoChange {
  /** Partners of a file, the surest first, each as a file of rung 7 with its figures. */
  readonly partnersOf: (path: string) => readonly FileRef[];
}

// Zimmermann et al. (ICSE 2004): rules below these values are right in less than half of the cases.
const MIN_SUPPORT = 3;
const MIN_CONFIDENCE = 0.4;
const MAX_PARTNERS = 3;
const MAX_COMMIT_FILES = 30;

/** Mines which files change together. */
export function createCoChange(commits: readonly Commit[]): CoChange {
  const commitsOf = new Map<string, number[]>();
  commits.forEach(({ files }, index) => {
    if (files.length > MAX_COMMIT_FILES) return;
    for (const { path } of files) {
      const list = commitsOf.get(path);
      if (list === undefined) commitsOf.set(path, [index]);
      else list.push(index);
    }
  });
  const known = new Map<string, readonly FileRef[]>();
  return {
    partnersOf: (path) => {
      const cached = known.get(path);
      if (cached !== undefined) return cached;
      const partners = mine(path, commits, commitsOf.get(path) ?? []);
      known.set(path, partners);
      return partners;
    },
  };
}

function mine(path: string, commits: readonly Commit[], own: readonly number[]): readonly FileRef[] {
  if (own.length < MIN_SUPPORT) return [];
  const counts = new Map<string, number>();
  for (const index of own)
    for (const file of commits[index]?.files ?? [])
      if (file.path !== path) counts.set(file.path, (counts.get(file.path) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= MIN_SUPPORT && count / own.length >= MIN_CONFIDENCE)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MAX_PARTNERS)
    .map(([partner, count]) => ({
      path: partner,
      mode: 'modify',
      rung: 7,
      why: `changed with ${path} in ${count} of its last ${own.length} commits`,
    }));
}
