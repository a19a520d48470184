import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type fc from 'fast-check';
import type { MergeWorld } from '#merge';
import { isSquadError } from '#protocol';
import { readWorktree } from '#worktree';
import type { KillingGit } from '../support/git-that-kills.ts';

/** Worktrees that the histories are about. */
export const NAMES = ['one', 'two'] as const;
/** Files that their agents write. */
export const FILES = ['a.txt', 'b.txt', 'deep/c.txt'] as const;

/** What must never be lost: texts that agents wrote, each once. */
export interface Model {
  /** Committed at some time, or saved by a command that then removed the place. */
  readonly kept: Set<string>;
  /** Per worktree and file: the text that stands there uncommitted, and the one that is staged. */
  readonly written: Map<string, Map<string, string>>;
  readonly staged: Map<string, Map<string, string>>;
  texts: number;
  /** Runs of agents so far. */
  runs: number;
}

/** The repository and our services over it. */
export interface Real {
  readonly root: string;
  readonly world: MergeWorld;
  readonly git: KillingGit;
  /** Outside the repository, for the scripted agents. */
  readonly outside: string;
}

/** One step of a history. */
export type Step = fc.AsyncCommand<Model, Real>;

/** A worktree's folder, where it can be worked in. */
export function pathOf(real: Real, name: string): string | undefined {
  const record = readWorktree(real.world.store, real.world.home.squadDir, name);
  if (record === undefined || record.state !== 'ready') return undefined;
  return existsSync(join(record.path, '.git')) ? record.path : undefined;
}

/** The texts of one worktree. */
export function of(map: Map<string, Map<string, string>>, name: string): Map<string, string> {
  const found = map.get(name) ?? new Map<string, string>();
  map.set(name, found);
  return found;
}

/** What a command may take away with a worktree is owed from now on. */
function owe(model: Model, name: string): void {
  for (const text of [...of(model.written, name).values(), ...of(model.staged, name).values()])
    model.kept.add(text);
  model.written.delete(name);
  model.staged.delete(name);
}

/** Owes what stood in worktrees that are gone. */
export function oweWhatIsGone(model: Model, { root }: Real): void {
  for (const name of NAMES) if (!existsSync(join(`${root}.worktrees`, name, '.git'))) owe(model, name);
}

/** A step that may be taken at any time. */
export function step(label: string, run: (model: Model, real: Real) => Promise<void>): Step {
  return { check: () => true, run, toString: () => label };
}

/** What a service refuses is an outcome; anything else that it throws is a bug. */
async function tolerant(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isSquadError(error)) throw error;
  }
}

/** A step that calls one of our services in this process. */
export function service(label: string, work: (real: Real) => Promise<unknown>): Step {
  return step(label, async (model, real) => {
    await tolerant(() => work(real));
    oweWhatIsGone(model, real);
  });
}
