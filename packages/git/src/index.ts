export { git, runGit } from './run-git.ts';
export type { GitOptions, GitResult } from './run-git.ts';
export { listChanges, listTrackedFiles, parseStatusZ, splitZ } from './tree.ts';
export type { ChangedPath } from './tree.ts';
