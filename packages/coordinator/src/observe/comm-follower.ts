import { commPath, listCommAuthors, parseComm } from '#comms';
import type { Diagnostic } from '#protocol';
import type { Store } from '#store';
import { createCommLedger, type CommLedger } from './comm-ledger.ts';

interface Followed {
  readonly size: number;
  readonly modifiedMs: number;
  /** The last bytes that were read: an editor that rewrote the file rarely leaves them in their place. */
  readonly tail: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the comm files amount to now. */
export interface CommState {
  readonly ledger: CommLedger;
  readonly diagnostics: readonly Diagnostic[];
  /** Bytes that this look had to read. */
  readonly bytesRead: number;
}

const TAIL_BYTES = 256;
const MAX_DIAGNOSTICS = 20;

/**
 * Follows `.squad/comms/`: reads only what was appended since the last look, and everything anew when a file was
 * rewritten, shortened, removed or continued in the middle of a block.
 */
export function followComms(store: Store, squadDir: string): () => CommState {
  const desk: Desk = { store, squadDir, ledger: createCommLedger(), files: new Map() };
  return () => {
    const authors = listCommAuthors(store, squadDir);
    const isGone = [...desk.files.keys()].some((author) => !authors.includes(author));
    const counts = isGone ? [undefined] : authors.map((author) => readNew(desk, author));
    const bytesRead = counts.reduce<number | undefined>(
      (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    );
    const total = bytesRead ?? readAnew(desk, authors);
    const diagnostics = [...desk.files.values()].flatMap((file) => file.diagnostics);
    return { ledger: desk.ledger, diagnostics, bytesRead: total };
  };
}

interface Desk {
  readonly store: Store;
  readonly squadDir: string;
  ledger: CommLedger;
  files: Map<string, Followed>;
}

function readAnew(desk: Desk, authors: readonly string[]): number {
  desk.ledger = createCommLedger();
  desk.files = new Map();
  return authors.reduce((sum, author) => sum + readWhole(desk, author), 0);
}

function readWhole(desk: Desk, author: string): number {
  const path = commPath(desk.squadDir, author);
  const modifiedMs = desk.store.stat(path)?.modifiedMs ?? 0;
  const bytes = desk.store.readBytes(path) ?? new Uint8Array();
  take(desk, author, { bytes, modifiedMs, from: 0 });
  return bytes.length;
}

// `undefined`: everything must be read anew.
function readNew(desk: Desk, author: string): number | undefined {
  const known = desk.files.get(author);
  if (known === undefined) return readWhole(desk, author);
  const path = commPath(desk.squadDir, author);
  const stat = desk.store.stat(path);
  if (stat === undefined || stat.size < known.size) return undefined;
  if (stat.size === known.size) return stat.modifiedMs === known.modifiedMs ? 0 : undefined;
  const from = known.size - known.tail.length;
  const bytes = desk.store.readFrom(path, from, stat.size - from) ?? new Uint8Array();
  const appended = bytes.subarray(known.tail.length);
  const isKept = known.tail.every((byte, index) => bytes[index] === byte);
  const isWhole = known.size === 0 || known.tail.at(-1) === 0x0a;
  if (!isKept || !isWhole || !startsBlock(appended)) return undefined;
  take(desk, author, { bytes: appended, modifiedMs: stat.modifiedMs, from: known.size });
  return appended.length;
}

function take(
  desk: Desk,
  author: string,
  read: { readonly bytes: Uint8Array; readonly modifiedMs: number; readonly from: number },
): void {
  const text = new TextDecoder().decode(read.bytes);
  const parse = parseComm(text, { author, path: `.squad/comms/${author}-comm.md` });
  for (const block of parse.blocks) desk.ledger.add(block);
  const before = desk.files.get(author)?.diagnostics ?? [];
  desk.files.set(author, {
    size: read.from + read.bytes.length,
    modifiedMs: read.modifiedMs,
    tail: read.bytes.slice(-TAIL_BYTES),
    diagnostics: [...before, ...parse.diagnostics].slice(-MAX_DIAGNOSTICS),
  });
}

// What our tools append begins with a blank line or a heading; anything else continues the block before it.
function startsBlock(appended: Uint8Array): boolean {
  const text = new TextDecoder().decode(appended);
  return /^\s*## /u.test(text) && text.endsWith('\n');
}
