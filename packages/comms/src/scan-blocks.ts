import { rangeAt, STATUSES, type Diagnostic } from '#protocol';
import type { BlockTitle } from './block-title.ts';
import { matchFieldLine, type FieldLine } from './field-line.ts';
import { fieldNameOf, foldLabel } from './field-name.ts';
import { matchHeading } from './heading-line.ts';
import { readStatusWord } from './status-word.ts';
import type { RawBlock, RawField } from './raw-block.ts';

interface OpenField {
  readonly label: string;
  readonly line: number;
  readonly indent: number;
  readonly lines: string[];
}

interface OpenBlock extends BlockTitle {
  readonly at: number | undefined;
  readonly startLine: number;
  readonly fields: OpenField[];
  readonly prose: string[];
  lastLine: number;
  lastLength: number;
}

interface Scan {
  readonly lines: readonly string[];
  readonly path: string;
  readonly blocks: RawBlock[];
  readonly diagnostics: Diagnostic[];
  current: OpenBlock | undefined;
  field: OpenField | undefined;
  blanks: number;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/u;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/u;

/** Splits a comm file into blocks and their fields. Tolerant; text in closed code fences is skipped. */
export function scanBlocks(
  text: string,
  path: string,
): { blocks: readonly RawBlock[]; diagnostics: readonly Diagnostic[] } {
  const plain = text.replace(/^\uFEFF/u, '').replaceAll(/\r\n?/gu, '\n');
  const lines = plain.split('\n');
  const isTorn = plain !== '' && !plain.endsWith('\n');
  if (!isTorn) lines.pop();
  const scan: Scan = {
    lines,
    path,
    blocks: [],
    diagnostics: [],
    current: undefined,
    field: undefined,
    blanks: 0,
  };
  for (let index = 0; index < lines.length; index += 1) index = readLine(scan, index);
  close(scan, isTorn);
  return scan;
}

// Returns the index of the last line it has dealt with.
function readLine(scan: Scan, index: number): number {
  const line = scan.lines[index] ?? '';
  if (line.trim() === '') {
    scan.blanks += 1;
    return index;
  }
  const indent = indentOf(line);
  if (scan.field !== undefined && indent >= scan.field.indent + 2) {
    continueField(scan, scan.field, index);
    return index;
  }
  const fenceEnd = closingFence(scan, index);
  if (fenceEnd !== undefined) {
    touch(scan, fenceEnd);
    scan.blanks = 0;
    return fenceEnd;
  }
  if (RULE.test(line)) close(scan);
  else if (!readHeading(scan, index)) readField(scan, index, indent);
  scan.blanks = 0;
  return index;
}

function indentOf(line: string): number {
  const white = /^[ \t]*/u.exec(line)?.[0] ?? '';
  return white.replaceAll('\t', '    ').length;
}

function continueField(scan: Scan, field: OpenField, index: number): void {
  for (; scan.blanks > 0; scan.blanks -= 1) field.lines.push('');
  field.lines.push((scan.lines[index] ?? '').replaceAll('\t', '    ').slice(field.indent + 2));
  touch(scan, index);
}

// An unclosed fence is an ordinary line: it must not silence the rest of the file.
function closingFence(scan: Scan, index: number): number | undefined {
  const mark = FENCE.exec(scan.lines[index] ?? '')?.[1];
  if (mark === undefined) return undefined;
  const closer = new RegExp(`^ {0,3}${mark.charAt(0)}{${mark.length},}\\s*$`, 'u');
  const offset = scan.lines.slice(index + 1).findIndex((line) => closer.test(line));
  if (offset !== -1) return index + 1 + offset;
  scan.diagnostics.push({
    severity: 'warning',
    code: 'COMM_BLOCK_INVALID',
    message: 'this code fence is never closed; what follows is read as blocks',
    path: scan.path,
    range: rangeAt(index + 1, 1, mark.length),
  });
  return undefined;
}

function readHeading(scan: Scan, index: number): boolean {
  const line = scan.lines[index] ?? '';
  const heading = matchHeading(line);
  if (heading === undefined) return false;
  if (heading.title !== undefined) {
    const block = open(scan, heading.title, { index, at: heading.at });
    const { field } = heading;
    if (field !== undefined)
      block.fields.push({ label: field.label, line: index + 1, indent: 0, lines: [field.value] });
    return true;
  }
  close(scan);
  if (heading.at === undefined) return true;
  scan.diagnostics.push({
    severity: 'info',
    code: 'COMM_BLOCK_INVALID',
    message: 'a heading with a time that names no kind of block; its text is not read',
    path: scan.path,
    range: rangeAt(index + 1, 1, line.length),
    expected: 'a block of the protocol, as "## Status Update <time>"',
  });
  return true;
}

function open(scan: Scan, title: BlockTitle, from: { index: number; at: number | undefined }): OpenBlock {
  close(scan);
  const block: OpenBlock = {
    kind: title.kind,
    ...(title.move === undefined ? {} : { move: title.move }),
    at: from.at,
    startLine: from.index + 1,
    fields: [],
    prose: [],
    lastLine: from.index + 1,
    lastLength: (scan.lines[from.index] ?? '').length,
  };
  scan.current = block;
  return block;
}

function touch(scan: Scan, index: number): void {
  if (scan.current === undefined) return;
  scan.current.lastLine = index + 1;
  scan.current.lastLength = (scan.lines[index] ?? '').length;
}

function readField(scan: Scan, index: number, indent: number): void {
  const line = (scan.lines[index] ?? '').trim();
  const field = matchFieldLine(line);
  if (field !== undefined && startsStatus(scan, field))
    open(scan, { kind: 'status' }, { index, at: undefined });
  const { current } = scan;
  if (current === undefined) return;
  touch(scan, index);
  if (field === undefined || belongsToList(scan, current, field)) {
    if (scan.field !== undefined && /^(?:[-*+•]|\d{1,2}[.)])\s/u.test(line)) scan.field.lines.push(line);
    else if (!/^\|[-:\s|]+\|$/u.test(line)) current.prose.push(line);
    return;
  }
  scan.field = { label: field.label, line: index + 1, indent, lines: [field.value] };
  current.fields.push(scan.field);
}

// A `Status:` line begins a block of its own: outside any block, where the block has a status already, and after a
// blank line in a block of another kind when it holds exactly a status word of the protocol.
function startsStatus(scan: Scan, field: FieldLine): boolean {
  if (foldLabel(field.label) !== 'status') return false;
  const { current } = scan;
  if (current === undefined) return readStatusWord(field.value) !== undefined;
  const hasStatus = current.fields.some(({ label }) => foldLabel(label) === 'status');
  if (current.kind === 'status' || current.kind === 'handoff-request') {
    if (hasStatus) return current.kind === 'status' || readStatusWord(field.value) !== undefined;
    if (current.kind === 'status') return false;
  }
  return scan.blanks > 0 && STATUSES.some((status) => status === field.value.trim());
}

// `- Makefile: updated` below `Files Modified:` is an item, `- Next: …` is a field.
function belongsToList(scan: Scan, current: OpenBlock, field: FieldLine): boolean {
  if (!field.isBullet || scan.field === undefined || scan.blanks > 0) return false;
  if (fieldNameOf(current.kind, field.label) !== undefined) return false;
  return scan.field.lines.length > 1 || scan.field.lines[0] === '';
}

function close(scan: Scan, isTorn = false): void {
  const { current } = scan;
  scan.current = undefined;
  scan.field = undefined;
  if (current === undefined) return;
  const fields: readonly RawField[] = current.fields;
  scan.blocks.push({
    kind: current.kind,
    ...(current.move === undefined ? {} : { move: current.move }),
    at: current.at,
    range: {
      start: { line: current.startLine, column: 1 },
      end: { line: current.lastLine, column: current.lastLength + 1 },
    },
    fields,
    prose: current.prose,
    isTorn: isTorn && current.lastLine === scan.lines.length,
  });
}
