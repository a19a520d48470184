import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '#protocol';
import { parseJsonc, skipBlanks, valueOf, type JsonNode, type JsonProblem } from './jsonc-tree.ts';

/** Tells our own values, so that they can be replaced and removed. */
export type IsOurs = (value: unknown) => boolean;

/**
 * A JSON text with `wanted` merged in. Everything that stands there keeps its place, spacing and comments: objects are
 * merged, lists are appended to, values of ours are replaced, other values are never changed. An empty text counts as `{}`.
 */
export function mergeJsonc(text: string, wanted: unknown, isOurs: IsOurs): Result<string, JsonProblem> {
  let current = text.trim() === '' ? '{}\n' : text;
  // One change a round, because every change moves what comes after it; bounded by the number of wanted values.
  for (let round = 0; round < 1000; round += 1) {
    const parsed = parseJsonc(current);
    if (!parsed.ok) return parsed;
    const change = firstChange(current, parsed.value, { wanted, isOurs });
    if (change === undefined) return ok(current);
    current = current.slice(0, change.start) + change.text + current.slice(change.end);
  }
  return err({ offset: 0, expected: 'settings that can be merged' });
}

/** The text without our values, and without the containers named in `made` once they are empty. */
export function removeOurs(
  text: string,
  isOurs: IsOurs,
  made: (path: string) => boolean,
): Result<string, JsonProblem> {
  let current = text;
  for (let round = 0; round < 1000; round += 1) {
    const parsed = parseJsonc(current);
    if (!parsed.ok) return parsed;
    const victim = firstVictim(parsed.value, '', { isOurs, made });
    if (victim === undefined) return ok(current);
    current = cut(current, victim);
  }
  return ok(current);
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Wish {
  readonly wanted: unknown;
  readonly isOurs: IsOurs;
}

function firstChange(text: string, node: JsonNode, wish: Wish): Change | undefined {
  const { wanted } = wish;
  if (isDeepStrictEqual(valueOf(node), wanted)) return undefined;
  if (node.kind === 'object' && isMapping(wanted)) return changeInObject(text, node, { ...wish, wanted });
  if (node.kind === 'array' && Array.isArray(wanted)) return changeInArray(text, node, { ...wish, wanted });
  return wish.isOurs(valueOf(node)) ? replacement(text, node, wanted) : undefined;
}

function changeInObject(
  text: string,
  node: JsonNode & { kind: 'object' },
  wish: Wish & { readonly wanted: Readonly<Record<string, unknown>> },
): Change | undefined {
  for (const [key, wanted] of Object.entries(wish.wanted)) {
    const entry = node.entries.find((candidate) => candidate.key === key);
    if (entry === undefined) return insertion(text, node, { key, wanted });
    if (wish.isOurs({ [key]: valueOf(entry.value) }) && !isDeepStrictEqual(valueOf(entry.value), wanted))
      return replacement(text, entry.value, wanted);
    const change = firstChange(text, entry.value, { ...wish, wanted });
    if (change !== undefined) return change;
  }
  return undefined;
}

function changeInArray(
  text: string,
  node: JsonNode & { kind: 'array' },
  wish: Wish & { readonly wanted: readonly unknown[] },
): Change | undefined {
  const present = node.items.map(valueOf);
  const item = wish.wanted.find((item) => !present.some((value) => isDeepStrictEqual(value, item)));
  if (item === undefined) return undefined;
  const stale = node.items.find((candidate) => {
    const value = valueOf(candidate);
    return wish.isOurs(value) && !wish.wanted.some((other) => isDeepStrictEqual(value, other));
  });
  return stale === undefined ? insertion(text, node, { wanted: item }) : replacement(text, stale, item);
}

function replacement(text: string, node: JsonNode, wanted: unknown): Change {
  return { start: node.start, end: node.end, text: pretty(text, wanted, indentAt(text, node.start)) };
}

function insertion(
  text: string,
  node: JsonNode & { kind: 'object' | 'array' },
  item: { readonly key?: string; readonly wanted: unknown },
): Change {
  const last = node.kind === 'object' ? node.entries.at(-1) : node.items.at(-1);
  const lastEnd = last === undefined ? node.start + 1 : 'key' in last ? last.value.end : last.end;
  const outer = indentAt(text, node.start);
  const inner = last === undefined ? outer + unitOf(text) : indentAt(text, last.start);
  const body = pretty(text, item.wanted, inner);
  const value = item.key === undefined ? body : `${JSON.stringify(item.key)}: ${body}`;
  const newline = newlineOf(text);
  const after = skipBlanks(text, lastEnd);
  const hasTrailingComma = last !== undefined && text.charAt(after) === ',';
  const isOneLine = last !== undefined && !text.slice(node.start, node.end).includes('\n');
  if (isOneLine)
    return {
      start: lastEnd,
      end: lastEnd,
      text: `, ${JSON.stringify(item.wanted).replace(/^/u, item.key === undefined ? '' : `${JSON.stringify(item.key)}: `)}`,
    };
  if (last === undefined) {
    // Comments in an empty container stay above what is put in.
    const close = node.end - 1;
    const kept = text.slice(node.start + 1, close).trimEnd();
    return { start: node.start + 1, end: close, text: `${kept}${newline}${inner}${value}${newline}${outer}` };
  }
  // A comment behind the last value, on its line, stays with it.
  const from = hasTrailingComma ? after + 1 : lastEnd;
  const comment =
    /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\n]*?\*\/(?=[ \t]*\r?\n))?/u.exec(text.slice(from))?.[0] ?? '';
  const [before, behind] = hasTrailingComma ? ['', ','] : [',', ''];
  const kept = comment.trim() === '' ? '' : comment;
  return {
    start: from,
    end: from + kept.length,
    text: `${before}${kept}${newline}${inner}${value}${behind}`,
  };
}

function firstVictim(
  node: JsonNode,
  path: string,
  how: { readonly isOurs: IsOurs; readonly made: (path: string) => boolean },
): { start: number; end: number } | undefined {
  const children =
    node.kind === 'object'
      ? node.entries.map(({ key, start, value }) => ({
          name: key,
          start,
          value,
          whole: { [key]: valueOf(value) },
        }))
      : node.kind === 'array'
        ? node.items.map((value, index) => ({
            name: String(index),
            start: value.start,
            value,
            whole: valueOf(value),
          }))
        : [];
  for (const { name, start, value, whole } of children) {
    const inner = `${path}/${name}`;
    const isEmpty =
      value.kind === 'object'
        ? value.entries.length === 0
        : value.kind === 'array' && value.items.length === 0;
    if (how.isOurs(whole) || (isEmpty && how.made(inner))) return { start, end: value.end };
    const victim = firstVictim(value, inner, how);
    if (victim !== undefined) return victim;
  }
  return undefined;
}

// With the comma and the line that belong to it: the one after, or for the last the one before.
function cut(text: string, victim: { start: number; end: number }): string {
  const after = skipBlanks(text, victim.end);
  const before = text.slice(0, victim.start).trimEnd();
  if (text.charAt(after) === ',' && !before.endsWith(','))
    return before + text.slice(after + 1).replace(/^(?=\S)/u, ' ');
  if (before.endsWith(',')) return before.slice(0, -1) + text.slice(victim.end);
  return before + text.slice(victim.end).trimStart();
}

function pretty(text: string, value: unknown, indent: string): string {
  return JSON.stringify(value, undefined, unitOf(text)).replaceAll('\n', `${newlineOf(text)}${indent}`);
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/u.exec(line)?.[0] ?? '';
}

function unitOf(text: string): string {
  return /^(?<unit>[ \t]+)\S/mu.exec(text)?.groups?.['unit'] ?? '  ';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
