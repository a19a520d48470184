import { copyTargets } from './copy-targets.ts';
import { UNKNOWN, type Argument } from './expand.ts';
import { readOptions } from './options.ts';
import { fileTarget, treeTarget, type Target } from './target.ts';

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
    // With a work tree of its own, what a path is relative to is not what it seems.
    if (/^--(?:work-tree|git-dir)/u.test(text)) folder = UNKNOWN;
    if (!GLOBAL_WITH_VALUE.has(text)) continue;
    at += 1;
    if (text === '-C') folder = folder === undefined ? args[at] : UNKNOWN;
  }
  return { verb: args[at]?.text ?? '', args: args.slice(at + 1), folder };
}

/** Files that a git command overwrites or removes by name. Whole-tree commands are operations, not targets. */
export function gitTargets(args: readonly Argument[]): readonly Target[] {
  const { verb, args: rest, folder } = readGitCall(args);
  return targetsOf(verb, rest).map((target) => ({ ...target, ...inFolder(target, folder) }));
}

function targetsOf(verb: string, args: readonly Argument[]): readonly Target[] {
  const isTried = readOptions(args).has('n', 'dry-run');
  switch (verb) {
    case 'checkout':
      return checkoutTargets(args);
    case 'restore': {
      const options = readOptions(args, ['s', 'source', 'pathspec-from-file']);
      const isIndexOnly = options.has('S', 'staged') && !options.has('W', 'worktree');
      return isIndexOnly ? [] : options.operands.map(pathspec);
    }
    case 'rm': {
      const options = readOptions(args, ['pathspec-from-file']);
      return isTried || options.has('cached') ? [] : options.operands.map(pathspec);
    }
    case 'mv':
      return isTried || readOptions(args).has('k') ? [] : copyTargets(true)(args);
    case 'stash':
      return stashedPaths(args).map(pathspec);
    case 'archive':
    case 'diff':
    case 'log':
    case 'show': {
      const output = readOptions(args, ['o', 'output']).value('output', ...(verb === 'archive' ? ['o'] : []));
      return output === undefined ? [] : [fileTarget(output)];
    }
    default:
      return [];
  }
}

// Without `--` the first word may be a branch as well as a path; what follows it are paths.
function checkoutTargets(args: readonly Argument[]): readonly Target[] {
  const dashes = args.findIndex(({ text }) => text === '--');
  if (dashes !== -1) return args.slice(dashes + 1).map(pathspec);
  const options = readOptions(args, ['b', 'B', 'orphan', 'conflict', 'pathspec-from-file']);
  if (options.has('b', 'B', 'orphan', 'd', 'detach', 't', 'track')) return [];
  const [first, ...rest] = options.operands;
  return first === undefined ? [] : [{ ...pathspec(first), onlyExisting: true }, ...rest.map(pathspec)];
}

// `git stash push -- a.ts` takes the changes of a.ts away.
function stashedPaths(args: readonly Argument[]): readonly Argument[] {
  const isPush = args[0]?.text === 'push' || args[0]?.text?.startsWith('-') === true;
  if (!isPush || readOptions(args).has('S', 'staged')) return [];
  const { operands } = readOptions(args, ['m', 'message', 'pathspec-from-file']);
  return args[0]?.text === 'push' ? operands.slice(1) : operands;
}

// Git matches patterns itself; `:/` and the like mean what only git knows.
function pathspec(arg: Argument): Target {
  if (arg.text?.startsWith(':') === true) return treeTarget(UNKNOWN);
  return treeTarget({ ...arg, isPattern: arg.isPattern || /[*?[]/u.test(arg.text ?? '') });
}

function inFolder(arg: Target, folder: Argument | undefined): Partial<Target> {
  if (folder === undefined) return {};
  const moved = ({ text }: Argument): string | undefined =>
    text === undefined || folder.text === undefined
      ? undefined
      : text.startsWith('/')
        ? text
        : `${folder.text}/${text}`;
  return {
    text: moved(arg),
    ...(arg.from === undefined ? {} : { from: { ...arg.from, text: moved(arg.from) } }),
  };
}
