import { join, resolve } from 'node:path';
import type { Store } from '#store';
import { boundedBytes } from './bounded-read.ts';

const MAX_INDEX = 32 * 1024 * 1024;
const FIXED = 62;
// Extensions with which the entries alone do not name all files: a split and a sparse index.
const INCOMPLETE = new Set(['link', 'sdir']);

/**
 * Names of the files that git tracks in a checkout, from its index of version 2 to 4 (gitformat-index); `undefined` where that
 * cannot be read for sure.
 */
export function trackedFiles(store: Store, root: string): readonly string[] | undefined {
  const bytes = boundedBytes(store, join(gitFolder(store, root), 'index'), MAX_INDEX);
  return bytes === undefined
    ? undefined
    : namesIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

// In a linked worktree `.git` is a file that names the folder.
function gitFolder(store: Store, root: string): string {
  const path = join(root, '.git');
  if (store.stat(path)?.kind !== 'file') return path;
  return resolve(root, /^gitdir: (.+)$/mu.exec(store.readText(path) ?? '')?.[1] ?? '.git');
}

function namesIn(bytes: Buffer): readonly string[] | undefined {
  if (bytes.length < 12 + 20 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  const names: string[] = [];
  let at = 12;
  for (let index = 0; index < count; index += 1) {
    const entry = readEntry(bytes, at, { version, before: names.at(-1) ?? '' });
    if (entry === undefined) return undefined;
    names.push(entry.name);
    at = entry.next;
  }
  return hasWholeTable(bytes, at) ? [...new Set(names)] : undefined;
}

function readEntry(
  bytes: Buffer,
  at: number,
  how: { readonly version: number; readonly before: string },
): { readonly name: string; readonly next: number } | undefined {
  if (at + FIXED >= bytes.length) return undefined;
  const isExtended = (bytes.readUInt16BE(at + FIXED - 2) & 0x4000) !== 0;
  let start = at + FIXED + (isExtended ? 2 : 0);
  let kept = '';
  if (how.version === 4) {
    const strip = readOffset(bytes, start);
    const before = Buffer.from(how.before);
    kept = before.toString('utf8', 0, before.length - strip.value);
    start = strip.next;
  }
  const end = bytes.indexOf(0, start);
  if (end === -1) return undefined;
  const name = kept + bytes.toString('utf8', start, end);
  // Up to version 3 an entry is filled up to a multiple of eight bytes.
  const next = how.version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  return name === '' ? undefined : { name, next };
}

// How many bytes of the name before are not kept, as git writes offsets of packs.
function readOffset(bytes: Buffer, at: number): { readonly value: number; readonly next: number } {
  let next = at;
  let byte = bytes[next] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && next < bytes.length) {
    next += 1;
    byte = bytes[next] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: next + 1 };
}

function hasWholeTable(bytes: Buffer, start: number): boolean {
  let at = start;
  while (at + 8 <= bytes.length - 20) {
    const kind = bytes.toString('latin1', at, at + 4);
    if (!/^[A-Za-z]{4}$/u.test(kind) || INCOMPLETE.has(kind)) return false;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === bytes.length - 20;
}
