import { openCursor } from './cursor.ts';
import type { Look } from './look.ts';
import { readTokens } from './read-tokens.ts';
import { noFindings } from './run.ts';
import { runSteps } from './run-steps.ts';
import { createShellState } from './shell-state.ts';
import { cutSteps } from './simple-command.ts';
import { ShellTooComplex } from './syntax.ts';

/** One place that a command would write. */
export interface ShellWrite {
  /** Absolute; a pattern when `isPattern`. */
  readonly path: string;
  readonly isPattern: boolean;
  /** True when everything under a folder is meant. */
  readonly isRecursive: boolean;
  /** Should `path` be a folder, the file of this name in it is meant. */
  readonly into?: string;
  /** Absolute: what is copied there; of a folder each file. */
  readonly from?: string;
  /** True when files that are there already are left alone. */
  readonly keepsExisting?: boolean;
  /** True when it is a path only if something is there: `git checkout a` may name a branch. */
  readonly onlyExisting?: boolean;
  /** The program, or the redirection operator. */
  readonly by: string;
}

/** What can be known of a shell command without running it. */
export interface ShellAnalysis {
  readonly writes: readonly ShellWrite[];
  /** Words of each simple command, empty where unknown; wrappers such as `sudo` and `npx` taken away. */
  readonly commands: readonly (readonly string[])[];
  /** True when something writes to a place that only the running shell knows, or the script passed the bounds. */
  readonly isPartial: boolean;
  /** True when a look at the file system would tell more. */
  readonly wantsLook: boolean;
}

/**
 * Finds what a POSIX or bash command line writes and which commands it runs, by reading it as the shell would: quoting,
 * lists, pipes, subshells, substitutions, here-documents, redirections, functions, loops, `cd`, and programs that run others.
 * With `look` it also follows what is known only from files: patterns, `find`, patches, archives. What depends on the running
 * shell is left out, never guessed.
 */
export function analyseShell(
  command: string,
  from: { readonly cwd: string; readonly home: string | undefined; readonly look?: Look },
): ShellAnalysis {
  const { cwd, home, look } = from;
  const findings = noFindings(0);
  try {
    const steps = cutSteps(readTokens(openCursor(command, 0), undefined));
    runSteps(steps, { findings, home, look, state: createShellState(cwd), depth: 0, runSteps });
  } catch (error) {
    // Too deep for the stack, or too long for a string.
    if (!(error instanceof ShellTooComplex || error instanceof RangeError)) throw error;
    return { writes: [], commands: [], isPartial: true, wantsLook: false };
  }
  const { writes, commands, isPartial, wantsLook } = findings;
  return { writes, commands, isPartial, wantsLook };
}
