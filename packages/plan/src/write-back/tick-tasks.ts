import type { SourceDocument, SourceTask } from '../model.ts';

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

/** Lines of a text with the ends they have; latin1 keeps each byte a character. */
class ByteLines {
  private readonly parts: string[];

  constructor(text: string) {
    this.parts = text.split(/(?<=\r\n|\n|\r(?!\n))/u);
  }

  at(line: number): string | undefined {
    return this.parts[line - 1];
  }

  replace(line: number, text: string): void {
    this.parts[line - 1] = text;
  }

  get count(): number {
    return this.parts.length;
  }

  join(): string {
    return this.parts.join('');
  }
}

const BOX = /^((?:\xEF\xBB\xBF)?\s*(?:[-*+]|\xE2\x80\xA2|\d{1,6}[.)])\s+\[)([^\]]{0,3})(\])/u;
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
  'task-master': 'done',
  cursor: 'completed',
  ccpm: 'closed',
  backlog: 'Done',
  beads: 'closed',
  'task-graph': 'done',
  'task-graph-md': 'done',
  'claude-task': 'done',
};

/** Sets the `status` that stands in the task's own lines; for JSON within its braces, before any sub-task's. */
function tickStatus(lines: ByteLines, task: SourceTask, format: string): string | undefined {
  const word = DONE_WORDS[format];
  if (format === 'ralph')
    return setField(lines, task, { pattern: /("passes"\s*:\s*)(false)/u, value: () => 'true' });
  if (word === undefined) return 'it has no box';
  if (format === 'task-master' || format === 'beads')
    return setField(lines, task, { pattern: /("status"\s*:\s*")([^"]*)/u, value: () => word });
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
  let depth = 0;
  for (let number = start; number <= Math.min(lines.count, start + MAX_LINES); number += 1) {
    const line = lines.at(number) ?? '';
    if (number > start && startsNextTask(line, lines.at(start) ?? '')) break;
    const match = pattern.exec(line);
    if (match !== null && depth <= 1) {
      const [whole, before = '', old = ''] = match;
      lines.replace(
        number,
        line.slice(0, match.index) + before + value(old) + line.slice(match.index + whole.length),
      );
      return undefined;
    }
    depth += bracketDepth(line);
    if (depth < 0) break;
  }
  return 'it has no status to set';
}

const MAX_LINES = 5000;

/** How many braces a line of JSON leaves open; zero for any other line. */
function bracketDepth(line: string): number {
  const plain = line.replace(/"(?:[^"\\]|\\.)*"/gu, '');
  return /^\s*["{}[\]]/u.test(line) ? plain.split(/[{[]/u).length - plain.split(/[}\]]/u).length : 0;
}

/** True for the next entry of the YAML list that a task is an entry of. */
function startsNextTask(line: string, first: string): boolean {
  const own = /^(\s*)-\s/u.exec(first)?.[1];
  const next = /^(\s*)-\s/u.exec(line)?.[1];
  return own !== undefined && next !== undefined && next.length <= own.length;
}
