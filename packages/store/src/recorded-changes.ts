import { join } from 'node:path';
import type { RepoPath } from '#protocol';
import { recordStep } from './edit-steps.ts';
import type { Store } from './store.ts';

/** A file that the guard saw an agent change. */
export interface RecordedChange {
  readonly path: RepoPath;
  /** Root of the checkout in which it was changed. */
  readonly worktreeRoot: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

function fileOf(squadDir: string, agent: string): string {
  return join(squadDir, '.run', 'changed', `${agent}.ndjson`);
}

/** Notes that the agent changed a file (one appended line), and keeps the text it made of it as a step. */
export function recordChange(store: Store, squadDir: string, agent: string, change: RecordedChange): void {
  store.append(fileOf(squadDir, agent), `${JSON.stringify(change)}\n`);
  recordStep(store, squadDir, { agent, path: change.path, worktreeRoot: change.worktreeRoot });
}

/**
 * What the guard saw the agent change since {@link forgetChanges}, each path of each checkout once, latest change last.
 * For the next status block, and for a commit of only this agent's work.
 */
export function readRecordedChanges(
  store: Store,
  squadDir: string,
  agent: string,
): readonly RecordedChange[] {
  const latest = new Map<string, RecordedChange>();
  for (const line of (store.readText(fileOf(squadDir, agent)) ?? '').split('\n')) {
    const change = decode(line);
    if (change === undefined) continue;
    const key = `${change.worktreeRoot}\0${change.path}`;
    latest.delete(key);
    latest.set(key, change);
  }
  return [...latest.values()];
}

/** Who is recorded to have changed each path of a checkout. */
export function readRecorders(
  store: Store,
  squadDir: string,
  worktreeRoot: string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const recorders = new Map<string, Set<string>>();
  for (const name of store.list(join(squadDir, '.run', 'changed'))) {
    const agent = name.replace(/\.ndjson$/u, '');
    for (const change of readRecordedChanges(store, squadDir, agent)) {
      if (change.worktreeRoot !== worktreeRoot) continue;
      recorders.set(change.path, (recorders.get(change.path) ?? new Set()).add(agent));
    }
  }
  return recorders;
}

/** Forgets what was recorded for the agent in a checkout, because it was committed or reported; all of it without paths. */
export function forgetChanges(
  store: Store,
  squadDir: string,
  agent: string,
  where: { readonly worktreeRoot: string; readonly paths?: readonly string[] },
): void {
  const before = readRecordedChanges(store, squadDir, agent);
  const kept = before.filter(
    ({ path, worktreeRoot }) =>
      worktreeRoot !== where.worktreeRoot || (where.paths !== undefined && !where.paths.includes(path)),
  );
  if (kept.length === before.length) return;
  store.writeAtomic(fileOf(squadDir, agent), kept.map((change) => `${JSON.stringify(change)}\n`).join(''));
}

function decode(line: string): RecordedChange | undefined {
  if (line.trim() === '') return undefined;
  try {
    const value = JSON.parse(line) as Partial<RecordedChange>;
    const isWhole =
      typeof value.path === 'string' &&
      typeof value.worktreeRoot === 'string' &&
      typeof value.at === 'string';
    return isWhole ? (value as RecordedChange) : undefined;
  } catch {
    return undefined;
  }
}
