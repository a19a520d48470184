import { join } from 'node:path';
import { SquadError, type Schema } from '#protocol';
import type { Store } from '#store';
import { itemRecordSchema, runRecordSchema, type ItemRecord, type RunRecord } from './run-record.ts';

/** The records of one run, in `.squad/runs/<id>/`. Each write replaces one whole file atomically. */
export interface RunBook {
  readonly run: RunRecord;
  /** Absolute path of the run's folder, for logs, prompts and copies. */
  readonly folder: string;
  /** The item as last written; `pending` when nothing was. */
  readonly item: (key: string) => ItemRecord;
  readonly write: (item: ItemRecord) => void;
  /** The last thing the item's agent said; empty when it has said nothing. */
  readonly answer: (key: string) => string;
  readonly writeAnswer: (key: string, text: string) => void;
}

/** Folder of all runs. */
export function runsFolder(squadDir: string): string {
  return join(squadDir, 'runs');
}

/** Writes the record of a new run. */
export function createRunBook(store: Store, squadDir: string, run: RunRecord): RunBook {
  const folder = join(runsFolder(squadDir), run.id);
  store.writeAtomic(join(folder, 'run.json'), render(run));
  return bookOf(store, folder, run);
}

/** The book of an earlier run; `undefined` when there is none of that id. Unreadable records are `INPUT_INVALID`. */
export function openRunBook(store: Store, squadDir: string, id: string): RunBook | undefined {
  if (!/^[\w-]+$/u.test(id)) return undefined;
  const folder = join(runsFolder(squadDir), id);
  const run = readRecord(store, join(folder, 'run.json'), runRecordSchema);
  return run === undefined ? undefined : bookOf(store, folder, run);
}

/** Every run, newest last. Ids sort by the time they were made. */
export function listRuns(store: Store, squadDir: string): readonly RunRecord[] {
  return store
    .list(runsFolder(squadDir))
    .flatMap((id) => openRunBook(store, squadDir, id)?.run ?? [])
    .toSorted((a, b) => (a.createdAt === b.createdAt ? 0 : a.createdAt < b.createdAt ? -1 : 1));
}

function bookOf(store: Store, folder: string, run: RunRecord): RunBook {
  const places = new Map(run.items.map((key, index) => [key, index]));
  const placeOf = (key: string, kind: 'items' | 'answers', ending: string): string => {
    const index = places.get(key);
    if (index === undefined) throw new Error(`"${key}" is no item of run ${run.id}`);
    return join(folder, kind, `${String(index + 1).padStart(4, '0')}.${ending}`);
  };
  return {
    run,
    folder,
    item: (key) =>
      readRecord(store, placeOf(key, 'items', 'json'), itemRecordSchema) ?? {
        version: 1,
        key,
        state: 'pending',
        attempts: [],
      },
    write: (item) => store.writeAtomic(placeOf(item.key, 'items', 'json'), render(item)),
    answer: (key) => store.readText(placeOf(key, 'answers', 'md')) ?? '',
    writeAnswer: (key, text) => store.writeAtomic(placeOf(key, 'answers', 'md'), `${text.trimEnd()}\n`),
  };
}

function readRecord<T>(store: Store, path: string, schema: Schema<T>): T | undefined {
  const text = store.readText(path);
  if (text === undefined) return undefined;
  const decoded = schema.decode(parseJson(text));
  if (decoded.ok) return decoded.value;
  const [first] = decoded.error;
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: `${path}: ${first?.at ?? ''} expected ${first?.expected ?? ''}, found ${first?.actual ?? ''}`,
    hint: 'remove the folder of this run to begin anew; its branches and logs stay',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function render(record: RunRecord | ItemRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
