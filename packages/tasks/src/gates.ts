import type { Evidence } from '#protocol';
import type { Task } from './task.ts';

/** Evidence with who ran the command, and when. */
export interface GateEvidence extends Evidence {
  readonly agent: string;
  /** Milliseconds since the epoch. */
  readonly at: number | undefined;
}

/**
 * One command that a task needs, and what is known of it at the commit that was reported: `other-commit` when it
 * succeeded at another one only, which proves nothing here.
 */
export interface Gate {
  readonly command: string;
  readonly state: 'passed' | 'failed' | 'missing' | 'other-commit';
  readonly evidence: GateEvidence | undefined;
}

/** Commands that must succeed before the task counts as complete: its acceptance, its gates, and those of every task. */
export function requiredGates(
  task: Pick<Task, 'acceptance' | 'gates'>,
  ofEvery: readonly string[] = [],
): readonly string[] {
  const own = task.acceptance === undefined ? [] : [task.acceptance];
  return [...new Set([...own, ...task.gates, ...ofEvery].map(plain))];
}

/**
 * How each required command stands at a commit. Only the evidence handed in counts, so it has to be of the one agent
 * and the one task; of several runs at the commit the last one given decides.
 */
export function judgeGates(
  required: readonly string[],
  evidence: readonly GateEvidence[],
  commit: string | undefined,
): readonly Gate[] {
  return required.map((command): Gate => {
    const runs = evidence.filter((each) => plain(each.command) === command);
    const here = runs.findLast((each) => isSameCommit(each.commit, commit));
    if (here !== undefined)
      return { command, state: here.exitCode === 0 ? 'passed' : 'failed', evidence: here };
    const elsewhere = runs.at(-1);
    return { command, state: elsewhere === undefined ? 'missing' : 'other-commit', evidence: elsewhere };
  });
}

/** True when two names of a commit, either of them perhaps shortened, mean one; two that are both unknown do as well. */
export function isSameCommit(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.startsWith(b) || b.startsWith(a);
}

// As evidence is written: one line, single spaces.
function plain(command: string): string {
  return command.replace(/\s+/gu, ' ').trim();
}
