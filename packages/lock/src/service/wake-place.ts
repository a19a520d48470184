import { join } from 'node:path';
import { identifyProcess, watchEntry, type EntryWatch, type ProcessIdentity } from '#store';
import { processName } from '../log/process-name.ts';
import type { Desk } from './desk.ts';

/** Where one process listens, for all that it waits for. */
export interface WakePlace {
  readonly name: string;
  readonly path: string;
  readonly process: ProcessIdentity | undefined;
  readonly listen: () => Listener;
}

/** One wait at a wake place. */
export interface Listener {
  /** Resolves at a hint, also one that came since the last call, or after `ms`, or when aborted. */
  readonly hint: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly close: () => void;
}

const places = new WeakMap<Desk, WakePlace & { readonly close: () => void }>();

/**
 * A file of one's own: who serves a ticket wakes that one waiter, and nobody else. Kept from one wait to the next, since
 * to make a file and to watch it cost more than all the rest of a wait.
 */
export function wakePlaceOf(desk: Desk): WakePlace {
  const known = places.get(desk);
  if (known !== undefined) return known;
  const opened = open(desk);
  places.set(desk, opened);
  desk.closing.once('wake place', () => closeWakePlace(desk));
  return opened;
}

/** Ends listening (at this place, where one is named), until somebody waits again. */
export function closeWakePlace(desk: Desk, place?: WakePlace): void {
  const open = places.get(desk);
  if (open === undefined || (place !== undefined && place !== open)) return;
  open.close();
  places.delete(desk);
}

function open(desk: Desk): WakePlace & { readonly close: () => void } {
  const self = identifyProcess(process.pid);
  const name = `${processName(self)}.${desk.ports.newId()}`;
  const path = join(desk.place.wake, name);
  desk.look();
  desk.world.perform({ kind: 'makeFolder', path: desk.place.wake });
  desk.world.perform({ kind: 'create', path, text: '' });
  const listeners = new Set<() => void>();
  // A wait holds the process by its timer, so that the watch itself need not.
  const watch: EntryWatch = watchEntry(path, () => {
    for (const hear of listeners) hear();
  });
  return {
    name,
    path,
    process: self,
    listen: () => listener(listeners),
    close: () => {
      watch.close();
      desk.world.perform({ kind: 'remove', path });
    },
  };
}

function listener(listeners: Set<() => void>): Listener {
  let hinted = false;
  let wake = (): void => {};
  const hear = (): void => {
    hinted = true;
    wake();
  };
  listeners.add(hear);
  return {
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
    close: () => void listeners.delete(hear),
  };
}
