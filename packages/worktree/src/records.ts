import { join } from 'node:path';
import { SquadError } from '#protocol';
import type { Store } from '#store';
import { worktreeRecordSchema, type WorktreeRecord } from './record.ts';

/** The folder of the records. */
export function recordsFolder(squadDir: string): string {
  return join(squadDir, 'worktrees');
}

function recordPath(squadDir: string, name: string): string {
  return join(recordsFolder(squadDir), `${name}.json`);
}

/** Every worktree on record, by name. An unreadable record is `INPUT_INVALID`, never silently left out. */
export function readWorktrees(store: Store, squadDir: string): readonly WorktreeRecord[] {
  return store
    .list(recordsFolder(squadDir))
    .filter((file) => file.endsWith('.json') && !file.startsWith('.'))
    .flatMap((file) => readWorktree(store, squadDir, file.slice(0, -'.json'.length)) ?? []);
}

/** One record; `undefined` when there is none of that name. */
export function readWorktree(store: Store, squadDir: string, name: string): WorktreeRecord | undefined {
  const path = recordPath(squadDir, name);
  const text = store.readText(path);
  if (text === undefined) return undefined;
  const decoded = worktreeRecordSchema.decode(parseJson(text));
  if (decoded.ok) return decoded.value;
  const problems = decoded.error.map(
    ({ at, expected, actual }) => `  ${at}: expected ${expected}, found ${actual}`,
  );
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: `${path} is no worktree record\n${problems.join('\n')}`,
    hint: 'correct the file, or delete it: the worktree and its branch stay',
    data: decoded.error,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 80);
  }
}

/** Replaces a record in one step. */
export function writeWorktree(store: Store, squadDir: string, record: WorktreeRecord): void {
  store.writeAtomic(recordPath(squadDir, record.name), encode(record));
}

/** Makes a record, or returns `false` because the name is taken: of any number of callers one wins. */
export function claimWorktree(store: Store, squadDir: string, record: WorktreeRecord): boolean {
  return store.createExclusive(recordPath(squadDir, record.name), encode(record));
}

/** Forgets a record. */
export function dropWorktree(store: Store, squadDir: string, name: string): void {
  store.removeFile(recordPath(squadDir, name));
}

function encode(record: WorktreeRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
