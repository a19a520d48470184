import { join } from 'node:path';
import {
  identifyProcess,
  livenessOf,
  processIdentitySchema,
  type Liveness,
  type ProcessIdentity,
  type Store,
} from '#store';
import type { RunBook } from './run-book.ts';

/** Notes in a run's folder which process works on it. */
export function writeRunner(store: Store, book: RunBook): void {
  const identity = identifyProcess(process.pid);
  if (identity !== undefined)
    store.writeAtomic(join(book.folder, 'runner.json'), `${JSON.stringify(identity)}\n`);
}

/** The process that last worked on a run, and whether it still does. */
export function readRunner(
  store: Store,
  book: RunBook,
): { readonly identity: ProcessIdentity; readonly life: Liveness } | undefined {
  const text = store.readText(join(book.folder, 'runner.json'));
  if (text === undefined) return undefined;
  try {
    const decoded = processIdentitySchema.decode(JSON.parse(text));
    return decoded.ok ? { identity: decoded.value, life: livenessOf(decoded.value) } : undefined;
  } catch {
    return undefined;
  }
}
