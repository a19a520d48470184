import { parseInstant, parseStatus } from '#protocol';
import { blockTitleOf, type BlockTitle } from './block-title.ts';

/** A line that begins a block, with what it says beyond the title. */
export interface HeadingLine {
  readonly title: BlockTitle | undefined;
  readonly at: number | undefined;
  /** A status word or an id that stands in the heading itself, as `## Status: ACTIVE`. */
  readonly field?: { readonly label: string; readonly value: string };
}

const MARKDOWN = /^ {0,3}#{1,6}\s+([^\n]*?)\s*#*$/u;
const BOLD = /^ {0,3}(?:\*\*|__)([^*_\n]+?)(:?)(?:\*\*|__)(:?)\s*([^\n]*)$/u;
const PLAIN = /^ {0,3}([A-Za-z][A-Za-z _-]+?)\s*:?\s*$/u;
const INSTANT =
  /\[?\(?(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:\s?(?:Z|UTC|GMT)|[+-]\d{2}:?\d{2})?)?)\]?\)?/u;

/** Milliseconds of the first instant in a text; tolerates brackets, a space for `T`, and `UTC`. */
export function findInstant(text: string): number | undefined {
  const match = INSTANT.exec(text)?.[1];
  return match === undefined ? undefined : parseInstant(match.replace(/\s?(?:UTC|GMT)$/u, 'Z'));
}

/**
 * Reads a heading (`## Status Update <time>`, `**Handoff Request**`, `HANDOFF_REQUEST`), or `undefined`.
 * A markdown heading that names no block has no title; it still ends the block before it.
 */
export function matchHeading(line: string): HeadingLine | undefined {
  const at = findInstant(line);
  const rest = line.replace(INSTANT, ' ');
  const markdown = MARKDOWN.exec(rest)?.[1];
  if (markdown !== undefined) return { at, ...readTitle(markdown) };
  const title = boldTitle(rest) ?? plainTitle(rest);
  return title === undefined ? undefined : { at, title };
}

function boldTitle(line: string): BlockTitle | undefined {
  const [, words = '', inner = '', outer = '', rest = ''] = BOLD.exec(line) ?? [];
  // `**Status:**` is a field; `**Status Update:**` can only be a title.
  const isLabel = (inner !== '' || outer !== '') && !/\S\s+\S/u.test(words);
  return isLabel || /[A-Za-z0-9]/u.test(rest) ? undefined : blockTitleOf(words);
}

function plainTitle(line: string): BlockTitle | undefined {
  const words = PLAIN.exec(line)?.[1];
  return words !== undefined && /[A-Za-z][\s_-]+[A-Za-z]/u.test(words) ? blockTitleOf(words) : undefined;
}

function readTitle(words: string): Pick<HeadingLine, 'title' | 'field'> {
  const whole = blockTitleOf(words);
  if (whole !== undefined) return { title: whole };
  const [, name = '', value = ''] =
    /^([^:\d]+?)\s*(?:[:：]|\s[-–—]\s|\s(?=[A-Z]+-?\w*\d))\s*([^\n]*)$/u.exec(words) ?? [];
  const title = blockTitleOf(name);
  if (title === undefined) return { title: undefined };
  if (title.kind === 'status' && parseStatus(value) !== undefined)
    return { title, field: { label: 'Status', value } };
  if (/^[A-Za-z]+-?\w*\d\w*$/u.test(value)) return { title, field: { label: 'ID', value } };
  return { title };
}
