import type { Argument } from './expand.ts';
import { readOptions } from './options.ts';
import type { Target } from './write-targets.ts';

/** A git command line without git's global options: the sub-command and where it works. */
export interface GitCall {
  readonly verb: string;
  readonly args: readonly Argument[];
  /** From `-C`; `undefined` when it is the working folder. */
  readonly folder: Argument | undefined;
}

const GLOBAL_WITH_VALUE = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--exec-path']);

/** Splits off git's global options. */
export function readGitCall(args: readonly Argument[]): GitCall {
  let folder: Argument | undefined;
  let at = 0;
  for (; at < args.length; at += 1) {
    const text = args[at]?.text;
    if (text === undefined || !text.startsWith('-')) break;
    if (!GLOBAL_WITH_VALUE.has(text)) continue;
    at += 1;
    if (text === '-C') folder = args[at];
  }
  return { verb: args[at]?.text ?? '', args: args.slice(at + 1), folder };
}

/** Files that a git command overwrites or removes by name. Whole-tree commands are operations, not targets. */
export function gitTargets(args: readonly Argument[]): readonly Target[] {
  const call = readGitCall(args);
  const named = namedPaths(call.verb, call.args);
  return named.map((arg) => ({ ...inFolder(arg, call.folder), isRecursive: true }));
}

function namedPaths(verb: string, args: readonly Argument[]): readonly Argument[] {
  switch (verb) {
    case 'checkout':
      return checkoutPaths(args);
    case 'restore': {
      const options = readOptions(args, ['s', 'source', 'pathspec-from-file']);
      const isIndexOnly = options.has('S', 'staged') && !options.has('W', 'worktree');
      return isIndexOnly ? [] : options.operands;
    }
    case 'rm': {
      const options = readOptions(args, ['pathspec-from-file']);
      return options.has('cached', 'n', 'dry-run') ? [] : options.operands;
    }
    case 'mv': {
      const options = readOptions(args);
      return options.has('n', 'dry-run') ? [] : options.operands;
    }
    default:
      return [];
  }
}

// Without `--` a word may be a branch as well as a path; only `.` can be nothing else.
function checkoutPaths(args: readonly Argument[]): readonly Argument[] {
  const dashes = args.findIndex(({ text }) => text === '--');
  if (dashes !== -1) return args.slice(dashes + 1);
  return args.filter(({ text }) => text === '.' || text?.startsWith('./') === true);
}

function inFolder(arg: Argument, folder: Argument | undefined): Argument {
  if (folder === undefined || arg.text === undefined || arg.text.startsWith('/')) return arg;
  return folder.text === undefined
    ? { text: undefined, isPattern: false }
    : { ...arg, text: `${folder.text}/${arg.text}` };
}
