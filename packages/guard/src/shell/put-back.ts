import { readGitCall } from './git-targets.ts';

/** A command that takes uncommitted changes away. */
export interface PutBack {
  /** As it is named to the agent. */
  readonly command: string;
  /** True for `git clean`, which removes what git does not track. */
  readonly isUntrackedOnly: boolean;
  /** Paths that it is limited to; empty for the whole checkout. */
  readonly paths: readonly string[];
}

const KEEPING_STASH = new Set(['apply', 'branch', 'clear', 'create', 'drop', 'list', 'pop', 'show', 'store']);

/**
 * What a command puts back, if it puts anything back: `git stash`, `git reset --hard`, `git clean -f`, another branch. Those that
 * name their paths are judged by these.
 */
export function putBack(
  [program, ...words]: readonly string[],
  isPath: (word: string) => boolean,
): PutBack | undefined {
  if (program !== 'git') return undefined;
  const { verb, args } = readGitCall(words.map((text) => ({ text, isPattern: false })));
  const rest = args.map(({ text }) => text ?? '');
  if (rest.includes('--help')) return undefined;
  const operands = rest.filter((word, index) => !word.startsWith('-') && !takesValue(rest[index - 1]));
  if (verb === 'clean') return cleaned(rest, operands);
  const isWhole = isWholeTree(verb, { rest, operands, isPath });
  return isWhole ? { command: `git ${verb}`, isUntrackedOnly: false, paths: [] } : undefined;
}

function takesValue(word: string | undefined): boolean {
  return word === '-m' || word === '--message' || word === '-e' || word === '--exclude';
}

function cleaned(rest: readonly string[], paths: readonly string[]): PutBack | undefined {
  const has = (letter: string, name: string): boolean =>
    rest.some((word) => word === name || new RegExp(`^-[a-zA-Z]*${letter}`, 'u').test(word));
  if (!has('f', '--force') || has('n', '--dry-run')) return undefined;
  return { command: 'git clean', isUntrackedOnly: true, paths };
}

function isWholeTree(
  verb: string,
  how: {
    readonly rest: readonly string[];
    readonly operands: readonly string[];
    readonly isPath: (word: string) => boolean;
  },
): boolean {
  const { rest, operands, isPath } = how;
  const [first = ''] = operands;
  const has = (...wanted: readonly string[]): boolean => wanted.some((word) => rest.includes(word));
  switch (verb) {
    case 'reset':
      return has('--hard', '--merge', '--keep');
    case 'switch':
      return first !== '' && !has('-c', '-C', '--create', '--force-create', '--orphan');
    case 'checkout':
      if (has('-b', '-B', '--orphan', '--') || operands.length !== 1) return false;
      return first === '.' || !isPath(first);
    case 'stash':
      return !KEEPING_STASH.has(first) && !has('--') && (first !== 'push' || operands.length === 1);
    default:
      return false;
  }
}
