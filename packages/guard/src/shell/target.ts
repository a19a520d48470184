import type { Argument } from './expand.ts';

/** A path that a command would write. */
export interface Target extends Argument {
  /** True when everything under a folder is meant too. */
  readonly isRecursive: boolean;
  /** Should the path turn out to be a folder, the file of this name in it is meant. */
  readonly into?: string;
  /** What is copied there; of a folder each file. */
  readonly from?: Argument;
  /** True when files that are there already are left alone. */
  readonly keepsExisting?: boolean;
  /** True when it is a path only if something is there. */
  readonly onlyExisting?: boolean;
}

/** Finds the targets among a program's arguments. */
export type TargetReader = (args: readonly Argument[]) => readonly Target[];

/** A target that is a single file. */
export function fileTarget(arg: Argument): Target {
  return { ...arg, isRecursive: false };
}

/** A target that is a file or everything under a folder. */
export function treeTarget(arg: Argument): Target {
  return { ...arg, isRecursive: true };
}
