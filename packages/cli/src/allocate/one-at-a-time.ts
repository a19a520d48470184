import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '#protocol';
import { identifyProcess, isSystemError, livenessOf, type ProcessIdentity, type Store } from '#store';
import type { Call, Outcome } from '../shell/command.ts';

const POLL_MS = 100;
const POLLS = 100;

/**
 * Runs what reads and replaces the plans while no other run does: the second waits ten seconds, then says who is at it
 * and ends with 3. What a killed run left is taken over at once. The mark is gone afterwards and no lease, so that the
 * same allocation leaves the same bytes.
 */
export async function oneAtATime(
  { io: { store, signal } }: Call,
  squadDir: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const mark = join(squadDir, '.run', 'allocating.json');
  const own = `${JSON.stringify(identifyProcess(process.pid) ?? { pid: process.pid })}\n`;
  store.makeFolder(join(squadDir, '.run'));
  for (let poll = 0; !store.createExclusive(mark, own); poll += 1) {
    const text = store.readText(mark);
    if (text !== undefined && isLeftOver(text)) clear(store, mark, text);
    else if (poll >= POLLS || signal.aborted) return refused(text);
    else await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if (store.readText(mark) === own) store.removeFile(mark);
  }
}

function isLeftOver(text: string): boolean {
  const holder = holderOf(text);
  return holder !== undefined && livenessOf(holder) === 'dead';
}

function holderOf(text: string | undefined): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && 'pid' in value
      ? (value as ProcessIdentity)
      : undefined;
  } catch {
    return undefined;
  }
}

// Two may find the same dead mark: what was moved aside is put back if it is a newer one.
function clear(store: Store, mark: string, dead: string): void {
  const aside = `${mark}.${process.pid}`;
  try {
    store.rename(mark, aside);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  const moved = store.readText(aside);
  if (moved !== undefined && moved !== dead) store.createExclusive(mark, moved);
  store.removeFile(aside);
}

function refused(text: string | undefined): Outcome {
  const pid = holderOf(text)?.pid;
  const who = pid === undefined ? 'another squad-allocate' : `another squad-allocate (process ${pid})`;
  return {
    exitCode: EXIT.contention,
    json: { kind: 'busy', ...(pid === undefined ? {} : { pid }), next: ['squad-allocate'] },
    text: `${who} is writing the plans; nothing was written\n  try again: squad-allocate`,
  };
}
