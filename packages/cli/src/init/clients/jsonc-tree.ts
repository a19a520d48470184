import { err, ok, type Result } from '#protocol';

/** A value in a JSON text with comments, and where it stands. `end` is past its last character. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly entries: readonly JsonEntry[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
);

/** A property with its key; `start` is the key's first quote. */
export interface JsonEntry {
  readonly key: string;
  readonly start: number;
  readonly value: JsonNode;
}

/** Where a text stops being JSON. */
export interface JsonProblem {
  readonly offset: number;
  readonly expected: string;
}

class Stop extends Error {
  readonly problem: JsonProblem;
  constructor(offset: number, expected: string) {
    super(expected);
    this.problem = { offset, expected };
  }
}

const MAX_DEPTH = 200;

/** Reads JSON as editors' settings are written: comments and trailing commas are allowed. */
export function parseJsonc(text: string): Result<JsonNode, JsonProblem> {
  const reader = { text, at: text.startsWith('\uFEFF') ? 1 : 0 };
  try {
    const node = readValue(reader, 0);
    skipSpace(reader);
    return reader.at === text.length ? ok(node) : err({ offset: reader.at, expected: 'the end of the file' });
  } catch (error) {
    if (error instanceof Stop) return err(error.problem);
    throw error;
  }
}

/** The plain value of a node. */
export function valueOf(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(valueOf);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, valueOf(value)]));
}

/** Past blanks and comments from `at`. */
export function skipBlanks(text: string, at: number): number {
  const reader = { text, at };
  skipSpace(reader);
  return reader.at;
}

interface Reader {
  readonly text: string;
  at: number;
}

function skipSpace(reader: Reader): void {
  const space = /(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)*/uy;
  space.lastIndex = reader.at;
  space.exec(reader.text);
  reader.at = Math.max(reader.at, space.lastIndex);
}

function readValue(reader: Reader, depth: number): JsonNode {
  if (depth > MAX_DEPTH) throw new Stop(reader.at, `at most ${MAX_DEPTH} levels`);
  skipSpace(reader);
  const start = reader.at;
  const char = reader.text.charAt(start);
  if (char === '{') {
    const entries = readList(reader, '}', () => readEntry(reader, depth));
    return { kind: 'object', start, end: reader.at, entries };
  }
  if (char === '[') {
    const items = readList(reader, ']', () => readValue(reader, depth + 1));
    return { kind: 'array', start, end: reader.at, items };
  }
  const value = readScalar(reader);
  return { kind: 'scalar', start, end: reader.at, value };
}

function readList<T>(reader: Reader, close: string, readOne: () => T): readonly T[] {
  const found: T[] = [];
  reader.at += 1;
  for (;;) {
    skipSpace(reader);
    if (reader.text.charAt(reader.at) === close) break;
    found.push(readOne());
    skipSpace(reader);
    const next = reader.text.charAt(reader.at);
    if (next === ',') reader.at += 1;
    else if (next !== close) throw new Stop(reader.at, `"," or "${close}"`);
  }
  reader.at += 1;
  return found;
}

function readEntry(reader: Reader, depth: number): JsonEntry {
  const start = reader.at;
  const key = readScalar(reader);
  if (typeof key !== 'string') throw new Stop(start, 'a key in double quotes');
  skipSpace(reader);
  if (reader.text.charAt(reader.at) !== ':') throw new Stop(reader.at, '":"');
  reader.at += 1;
  return { key, start, value: readValue(reader, depth + 1) };
}

function readScalar(reader: Reader): string | number | boolean | null {
  const scalar = /"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/uy;
  scalar.lastIndex = reader.at;
  const found = scalar.exec(reader.text)?.[0];
  if (found === undefined) throw new Stop(reader.at, 'a value');
  try {
    const value = JSON.parse(found) as string | number | boolean | null;
    reader.at += found.length;
    return value;
  } catch {
    throw new Stop(reader.at, 'a value');
  }
}
