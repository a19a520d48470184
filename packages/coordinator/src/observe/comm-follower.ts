import { commPath, listCommAuthors, parseComm } from '#comms';
import type { Diagnostic } from '#protocol';
import type { Store } from '#store';
import { createCommLedger, type CommLedger } from './comm-ledger.ts';

interface Followed {
  readonly size: number;
  readonly modifiedMs: number;
  /** The last bytes that were read: an editor that rewrote the file rarely leaves them in their place. */
  readonly tail: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the comm files amount to now. */
export interface CommState {
  readonly ledger: CommLedger;
  readonly diagnostics: readonly Diagnostic[];
  /** Bytes read since the last look. */
  readonly bytesRead: number;
}

const TAIL = 256;
const MAX_DIAGNOSTICS = 20;

/**
 * Follows `.squad/comms/`: reads only what was appended since the last look, and everything anew when a file was
 * rewritten, shortened, removed or continued in the middle of a block.
 */
export function followComms(store: Store, squadDir: string): () => CommState {
  let ledger = createCommLedger();
  let files = new Map<string, Followed>();
  const reread = (): number => {
    ledger = createCommLedger();
    files = new Map();
    return listCommAuthors(store, squadDir).reduce((sum, author) => sum + readWhole(author), 0);
  };
  const readWhole = (author: string): number => {
    const stat = store.stat(commPath(squadDir, author));
    const bytes = store.readBytes(commPath(squadDir, author)) ?? new Uint8Array();
    take(author, { bytes, stat, before: [] });
    return bytes.length;
  };
  const take = (
    author: string,
    read: { bytes: Uint8Array; stat: { modifiedMs: number } | undefined; before: readonly Diagnostic[]; from?: number },
  ): void => {
    const text = new TextDecoder().decode(read.bytes);
    const parse = parseComm(text, { author, path: `.squad/comms/${author}-comm.md` });
    for (const block of parse.blocks) ledger.add(block);
    files.set(author, {
      size: (read.from ?? 0) + read.bytes.length,
      modifiedMs: read.stat?.modifiedMs ?? 0,
      tail: new TextDecoder().decode(read.bytes.subarray(-TAIL)),
      diagnostics: [...read.before, ...parse.diagnostics].slice(-MAX_DIAGNOSTICS),
    });
  };
  const readAppended = (author: string, known: Followed): number | undefined => {
    const path = commPath(squadDir, author);
    const stat = store.stat(path);
    if (stat === undefined || stat.size < known.size) return undefined;
    if (stat.size === known.size) return stat.modifiedMs === known.modifiedMs ? 0 : undefined;
    const tailLength = new TextEncoder().encode(known.tail).length;
    const from = Math.max(0, known.size - tailLength);
    const bytes = store.readFrom(path, from, stat.size - from) ?? new Uint8Array();
    const appended = bytes.subarray(known.size - from);
    const kept = new TextDecoder().decode(bytes.subarray(0, known.size - from));
    if (kept !== known.tail || !(known.size === 0 || known.tail.endsWith('\n')) || !startsBlock(appended)) return undefined;
    take(author, { bytes: appended, stat, before: known.diagnostics, from: known.size });
    return appended.length;
  };
  return () => {
    const authors = listCommAuthors(store, squadDir);
    let bytesRead = 0;
    const isGone = [...files.keys()].some((author) => !authors.includes(author));
    for (const author of isGone ? [] : authors) {
      const known = files.get(author);
      const count = known === undefined ? readWhole(author) : readAppended(author, known);
      if (count === undefined) return { ledger: (reread(), ledger), diagnostics: all(files), bytesRead: -1 };
      bytesRead += count;
    }
    if (isGone) bytesRead = reread();
    return { ledger, diagnostics: all(files), bytesRead };
  };
}

function all(files: ReadonlyMap<string, Followed>): readonly Diagnostic[] {
  return [...files.values()].flatMap(({ diagnostics }) => diagnostics);
}

// What our tools append begins with a blank line or a heading; anything else continues the block before it.
function startsBlock(appended: Uint8Array): boolean {
  const text = new TextDecoder().decode(appended);
  return /^\s*## /u.test(text) && text.endsWith('\n');
}
