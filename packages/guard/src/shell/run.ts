import { resolve } from 'node:path';
import type { ShellWrite } from './analyse-shell.ts';
import type { Argument } from './expand.ts';
import type { Look } from './look.ts';
import type { ShellState } from './shell-state.ts';
import type { Step } from './simple-command.ts';

/** What an analysis gathers. */
export interface Findings {
  readonly writes: ShellWrite[];
  readonly commands: (readonly string[])[];
  isPartial: boolean;
  wantsLook: boolean;
  /** What the line itself made of paths so far, where it matters to what is copied there. */
  readonly made: Map<string, 'folder' | 'nothing'>;
  /** Commands run so far: loops and functions multiply them. */
  count: number;
}

/** Findings with nothing in them, after so many commands. */
export function noFindings(count: number): Findings {
  return { writes: [], commands: [], isPartial: false, wantsLook: false, made: new Map(), count };
}

/** Where a script stands. */
export interface Run {
  readonly findings: Findings;
  readonly home: string | undefined;
  readonly look: Look | undefined;
  readonly state: ShellState;
  readonly depth: number;
  /** Runs steps; commands that hold scripts come back to it. */
  readonly runSteps: (steps: readonly Step[], run: Run) => void;
}

/** What a command reads from standard input, asked only where that matters. */
export type Input = (() => string | undefined) | undefined;

/** How deep scripts, functions and brackets may stand in one another. */
export const MAX_DEPTH = 60;

/** The absolute path that a word means at a point of a script. */
export function pathOf({ text }: Argument, { state }: Run): string | undefined {
  const isAbsolute = text?.startsWith('/') === true;
  if (text === undefined || (!isAbsolute && state.cwd === undefined)) return undefined;
  return resolve(state.cwd ?? '/', text);
}
