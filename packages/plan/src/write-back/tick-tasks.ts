import type { SourceDocument, SourceTask } from '../model.ts';
import { jsonField, type Span } from './json-field.ts';

/** The document with tasks ticked, and which were. */
export interface Ticked {
  readonly content: Uint8Array;
  readonly ticked: readonly string[];
  /** Done tasks that the document has no place to tick for, with the reason. */
  readonly untouched: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Marks tasks as done in the bytes they were read from: the box, the `status` of a JSON task or of a front matter. Every other byte
 * stays as it was, line ends and byte-order mark too. Tasks already done are left alone.
 */
export function tickTasks(content: Uint8Array, document: SourceDocument, done: ReadonlySet<string>): Ticked {
  const source = Buffer.from(content).toString('latin1');
  if (document.format in JSON_DONE) return tickJson(source, document, done);
  const lines = new ByteLines(source);
  const ticked: string[] = [];
  const untouched: { id: string; reason: string }[] = [];
  for (const task of document.tasks) {
    if (!done.has(task.id) || task.status === 'done') continue;
    const reason = tick(lines, task, document.format);
    if (reason === undefined) ticked.push(task.id);
    else untouched.push({ id: task.id, reason });
  }
  return { content: Buffer.from(lines.join(), 'latin1'), ticked, untouched };
}

const JSON_DONE: Readonly<Record<string, { readonly key: string; readonly value: string }>> = {
  'task-master': { key: 'status', value: 'done' },
  beads: { key: 'status', value: 'closed' },
  json: { key: 'status', value: 'done' },
  ralph: { key: 'passes', value: 'true' },
};

/** Sets the field of each task's own object, wherever its line ends. */
function tickJson(source: string, document: SourceDocument, done: ReadonlySet<string>): Ticked {
  const { key, value } = JSON_DONE[document.format] ?? { key: 'status', value: 'done' };
  const lines = new ByteLines(source);
  const ticked: string[] = [];
  const untouched: { id: string; reason: string }[] = [];
  const spans: Span[] = [];
  for (const { id, status, range } of document.tasks) {
    if (!done.has(id) || status === 'done') continue;
    const span = jsonField(source, lines.offsetOf(range.start), key);
    if (span === undefined) untouched.push({ id, reason: `it has no ${key} to set` });
    else {
      ticked.push(id);
      spans.push(span);
    }
  }
  let text = source;
  for (const { start, end } of spans.toSorted((a, b) => b.start - a.start))
    text = text.slice(0, start) + value + text.slice(end);
  return { content: Buffer.from(text, 'latin1'), ticked, untouched };
}

/** Lines of a text with the ends they have; latin1 keeps each byte a character. */
class ByteLines {
  private readonly parts: string[];
  private readonly offsets: readonly number[];

  constructor(text: string) {
    this.parts = text.split(/(?<=\r\n|\n|\r(?!\n))/u);
    let offset = 0;
    this.offsets = this.parts.map((part) => (offset += part.length) - part.length);
  }

  at(line: number): string | undefined {
    return this.parts[line - 1];
  }

  replace(line: number, text: string): void {
    this.parts[line - 1] = text;
  }

  /** Bytes before a place in the text as it was, which counts characters of UTF-8 and no byte-order mark. */
  offsetOf({ line, column }: { readonly line: number; readonly column: number }): number {
    const text = Buffer.from(this.at(line) ?? '', 'latin1').toString('utf8');
    const isMarked = line === 1 && text.startsWith('\uFEFF');
    return (
      (this.offsets[line - 1] ?? 0) +
      Buffer.byteLength(text.slice(0, column - 1 + (isMarked ? 1 : 0)), 'utf8')
    );
  }

  get count(): number {
    return this.parts.length;
  }

  join(): string {
    return this.parts.join('');
  }
}

const BOX = /^((?:\xEF\xBB\xBF)?\s*(?:[-*+]|\xE2\x80\xA2|\d{1,6}[.)])\s+(?:\d[\d.]*\s+)?\[)([^\]]{0,3})(\])/u;
const HEADING_BOX = /^((?:\xEF\xBB\xBF)?\s*#{1,6}\s+\[)([ ])(\])/u;

function tick(lines: ByteLines, task: SourceTask, format: string): string | undefined {
  const first = task.range.start.line;
  const line = lines.at(first);
  if (line === undefined) return 'its line is no longer there';
  for (const pattern of [BOX, HEADING_BOX]) {
    const match = pattern.exec(line);
    if (match === null) continue;
    lines.replace(
      first,
      `${match[1] ?? ''}x${line.slice((match[1] ?? '').length + (match[2] ?? '').length)}`,
    );
    return undefined;
  }
  return tickStatus(lines, task, format);
}

const DONE_WORDS: Readonly<Record<string, string>> = {
  cursor: 'completed',
  ccpm: 'closed',
  backlog: 'Done',
  'task-graph': 'done',
  'task-graph-md': 'done',
  'claude-task': 'done',
};

/** Sets the `status` that stands in the task's own lines. */
function tickStatus(lines: ByteLines, task: SourceTask, format: string): string | undefined {
  const word = DONE_WORDS[format];
  if (word === undefined) return 'it has no box';
  return setField(lines, task, {
    pattern: /^(\s*(?:-\s+)?status\s*:[ \t]*)("[^"]*"|'[^']*'|[^\s#][^\r\n#]*?)(?=[ \t]*(?:#|\r?\n|$))/u,
    value: (old) => (/^["']/u.test(old) ? `${old.charAt(0)}${word}${old.charAt(0)}` : word),
  });
}

interface FieldEdit {
  readonly pattern: RegExp;
  readonly value: (old: string) => string;
}

function setField(lines: ByteLines, task: SourceTask, { pattern, value }: FieldEdit): string | undefined {
  const start = task.range.start.line;
  for (let number = start; number <= Math.min(lines.count, start + MAX_LINES); number += 1) {
    const line = lines.at(number) ?? '';
    if (number > start && startsNextTask(line, lines.at(start) ?? '')) break;
    const match = pattern.exec(line);
    if (match !== null) {
      const [whole, before = '', old = ''] = match;
      lines.replace(
        number,
        line.slice(0, match.index) + before + value(old) + line.slice(match.index + whole.length),
      );
      return undefined;
    }
  }
  return 'it has no status to set';
}

const MAX_LINES = 5000;

/** True for the next entry of the YAML list that a task is an entry of. */
function startsNextTask(line: string, first: string): boolean {
  const own = /^(\s*)-\s/u.exec(first)?.[1];
  const next = /^(\s*)-\s/u.exec(line)?.[1];
  return own !== undefined && next !== undefined && next.length <= own.length;
}
