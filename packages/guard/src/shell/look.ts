import type { Argument } from './expand.ts';
import { readGitCall } from './git-targets.ts';

/** A program with what it is given. */
export interface Call {
  readonly program: string;
  readonly args: readonly Argument[];
  readonly cwd: string;
  /** What it reads from standard input; `undefined` where that cannot be told. */
  readonly input: () => string | undefined;
}

/** What a program does that its command line alone does not tell. */
export interface Deed {
  /** Files that it writes. */
  readonly files: readonly string[];
  /** Commands that it runs, each with all its words. */
  readonly commands: readonly (readonly Argument[])[];
}

/** What an analysis may ask of the file system. `undefined` answers: it cannot be told. */
export interface Look {
  /** Files that an absolute pattern matches. */
  readonly matched: (pattern: string) => readonly string[] | undefined;
  readonly text: (path: string) => string | undefined;
  /** What a program prints that reads no more than names: `find`, `ls`, and filters of such lists. */
  readonly printed: (call: Call) => string | undefined;
  readonly deed: (call: Call) => Deed | undefined;
}

// What asks for more than its command line says, and when.
const ASKING: Readonly<Record<string, RegExp>> = {
  bsdtar: /^(?:-?[a-zA-Z]*x|--extract|--get)/u,
  find: /^-(?:delete|exec|execdir)$/u,
  patch: /^/u,
  tar: /^(?:-?[a-zA-Z]*x|--extract|--get)/u,
  unzip: /^/u,
};
const PLACING = new Set(['cp', 'install', 'ln', 'mv', 'rsync']);

/** True when a look at files would tell more of what a program writes. */
export function asksForLook(program: string, args: readonly Argument[]): boolean {
  if (program === 'git') return ['apply', 'am'].includes(readGitCall(args).verb);
  if (PLACING.has(program)) return args.some(({ isPattern }) => isPattern);
  const asking = Object.hasOwn(ASKING, program) ? ASKING[program] : undefined;
  return asking !== undefined && args.some(({ text }) => asking.test(text ?? ''));
}
