import { join } from 'node:path';
import { schema, type Schema } from '#protocol';
import { identifyProcess, livenessOf, type Liveness, type ProcessIdentity, type Store } from '#store';
import type { RunBook } from './run-book.ts';

const identitySchema: Schema<ProcessIdentity> = schema.object<ProcessIdentity>({
  host: schema.string(),
  boot: schema.string(),
  pid: schema.number({ integer: true, min: 1 }),
  start: schema.string(),
});

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
    const decoded = identitySchema.decode(JSON.parse(text));
    return decoded.ok ? { identity: decoded.value, life: livenessOf(decoded.value) } : undefined;
  } catch {
    return undefined;
  }
}
