export { BACKUP_PREFIX, saveBackup, workingTree } from './backup.ts';
export type { Backup, BackupOptions } from './backup.ts';
export { changedPaths, distance, forkPoint, isAncestor, mergedHow } from './history.ts';
export type { Distance, MergedHow } from './history.ts';
export { conflictedPaths, mergeTree, mergeTrees, parseMergeTree } from './merge-tree.ts';
export type { ConflictNote, ConflictStage, MergePair, TreeMerge } from './merge-tree.ts';
export { repointSubmodules, saveNested } from './nested.ts';
export { takeRefLock } from './ref-lock.ts';
export {
  branchTips,
  identityOr,
  INERT,
  resolveCommit,
  TOOL_IDENTITY,
  treeOf,
  writeCommit,
} from './plumbing.ts';
export { replay } from './replay.ts';
export type { Replay, SettlePick } from './replay.ts';
export { git, runGit } from './run-git.ts';
export type { GitOptions, GitResult } from './run-git.ts';
export { listChanges, listTrackedFiles, parseStatusZ, requireChanges, splitZ } from './tree.ts';
export type { ChangedPath } from './tree.ts';
export { withTemporaryIndex } from './temporary-index.ts';
export { listWorktrees, parseWorktreeList } from './worktree-list.ts';
export type { ListedWorktree } from './worktree-list.ts';
