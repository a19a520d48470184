import { join } from 'node:path';
import { identifyProcess, watchEntry, type ProcessIdentity } from '#store';
import { wakeName } from '../log/tidy-log.ts';
import type { Desk } from './desk.ts';

/** Where one waiter listens. */
export interface WakePlace {
  readonly name: string;
  readonly process: ProcessIdentity | undefined;
  /** Resolves at a hint, after `ms`, or when aborted. */
  readonly hint: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly close: () => void;
}

/** A file of one's own: who serves a ticket wakes that one waiter, and nobody else. */
export function openWakePlace(desk: Desk): WakePlace {
  const self = identifyProcess(process.pid);
  const name = wakeName(self, desk.ports.newId());
  const path = join(desk.place.wake, name);
  desk.look();
  desk.world.perform({ kind: 'makeFolder', path: desk.place.wake });
  desk.world.perform({ kind: 'create', path, text: '' });
  let hinted = false;
  let wake = (): void => {};
  const watch = watchEntry(path, () => {
    hinted = true;
    wake();
  });
  return {
    name,
    process: self,
    hint: (ms, signal) =>
      new Promise((resolve) => {
        if (hinted || signal?.aborted === true) {
          hinted = false;
          resolve();
          return;
        }
        const timer = setTimeout(done, ms);
        wake = done;
        signal?.addEventListener('abort', done, { once: true });
        function done(): void {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          wake = (): void => {};
          hinted = false;
          resolve();
        }
      }),
    close: () => {
      watch.close();
      desk.world.perform({ kind: 'remove', path });
    },
  };
}
