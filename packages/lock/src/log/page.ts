import { join } from 'node:path';
import { slotLabel, type LogPlace } from './layout.ts';
import { stepError } from './lock-error.ts';
import { makeId, type Protocol } from './protocol.ts';

/** One process's way to write: where the log lies, and the file into which it writes its records, kept between them. */
export interface LogWriter {
  readonly place: LogPlace;
  /**
   * Records are followed by the state that they lead to, for who starts cold: a table up to this many characters whole, a larger
   * one by what differs from the epoch's base.
   */
  readonly keepsState?: number;
  page?: Page;
}

interface Page {
  readonly path: string;
  readonly size: number;
}

// A slot must not be dear to read for what its writer added later. Where many write, each adds one line an epoch: a page may
// outlast epochs.
const MAX_PAGE = 4096;

/**
 * Writes a record meant for a slot where it can be linked from, and tells where; nothing if the folder for unfinished
 * files is gone. Only the line's own process ever writes to that file, and only at its end: what a slot was given
 * stays as it is.
 */
export function* writeLine(
  writer: LogWriter,
  at: { readonly epoch: number; readonly slot: number },
  text: string,
): Protocol<string | undefined> {
  const line = slotLabel(at.epoch, at.slot) + text;
  const { page } = writer;
  if (page !== undefined && page.size + line.length <= MAX_PAGE) {
    const step = { kind: 'append', path: page.path, text: line } as const;
    const { code, message } = yield step;
    if (code === '') {
      writer.page = { ...page, size: page.size + line.length };
      return page.path;
    }
    yield* discardPage(writer);
    if (code !== 'ENOENT') throw stepError(step, { code, ...(message === undefined ? {} : { message }) });
  }
  return yield* beginPage(writer, line);
}

function* beginPage(writer: LogWriter, line: string): Protocol<string | undefined> {
  yield* discardPage(writer);
  const path = join(writer.place.temporary, yield* makeId());
  const create = { kind: 'create', path, text: line } as const;
  const created = yield create;
  if (created.code === 'ENOENT') return undefined;
  if (created.code !== '') {
    yield { kind: 'remove', path };
    throw stepError(create, created);
  }
  writer.page = { path, size: line.length };
  return path;
}

/** Removes the name under which a process writes; the slots it won keep theirs. */
export function* discardPage(writer: LogWriter): Protocol<void> {
  const { page } = writer;
  if (page === undefined) return;
  delete writer.page;
  yield { kind: 'remove', path: page.path };
}
