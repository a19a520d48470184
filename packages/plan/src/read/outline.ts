import { ITEM, parseLine, type LineKind } from './line.ts';
import { literalLines, type LiteralLines } from './literal-lines.ts';

/** A heading and what stands directly below it. The first section of a document has level 0 and no title. */
export interface Section {
  readonly level: number;
  readonly title: string;
  readonly line: number;
  /** Titles from the outermost heading down to this one. */
  readonly path: readonly string[];
  readonly blocks: Block[];
}

/** A list item with what belongs to it. */
export interface Item {
  readonly kind: 'item';
  readonly indent: number;
  readonly marker: string;
  /** The character in a task box, a space for an open one; `undefined` without a box. */
  readonly box: string | undefined;
  readonly isStarred: boolean;
  /** Text after marker and box; wrapped lines are joined by a space. */
  text: string;
  readonly line: number;
  readonly column: number;
  /** Last line of the item, its children included. */
  endLine: number;
  readonly section: Section;
  readonly parent: Item | undefined;
  readonly children: Item[];
  /** Paragraphs, table rows and fenced lines that stand under the item. */
  readonly notes: string[];
}

/** Running text. */
export interface Paragraph {
  readonly kind: 'paragraph';
  text: string;
  readonly line: number;
  endLine: number;
}

/** A table: its header cells and rows. */
export interface Table {
  readonly kind: 'table';
  readonly line: number;
  readonly rows: { readonly cells: readonly string[]; readonly line: number }[];
}

/** A fenced block of code. */
export interface Fence {
  readonly kind: 'fence';
  readonly language: string;
  readonly line: number;
  readonly lines: string[];
}

/** What may stand in a section. */
export type Block = Item | Paragraph | Table | Fence;

/** A list item that stands where no list is: in code, in a comment, in a quotation. */
export interface HiddenItem {
  readonly text: string;
  readonly line: number;
  readonly where: 'code' | 'comment' | 'quotation';
}

/** A markdown document as sections, lists with their nesting, tables and fences, in one pass over its lines. */
export interface Outline {
  readonly lines: readonly string[];
  readonly sections: readonly Section[];
  /** Every list item, in document order. */
  readonly items: readonly Item[];
  readonly hidden: readonly HiddenItem[];
}

/** Reads lines from `firstLine` (1-based) on; anything before, as a front matter, is left out. */
export function readOutline(text: string, firstLine = 1): Outline {
  const lines = text.split('\n');
  const root: Section = { level: 0, title: '', line: firstLine, path: [], blocks: [] };
  const builder = new OutlineBuilder(root, literalLines(text, firstLine));
  for (let number = firstLine; number <= lines.length; number += 1)
    builder.add(lines[number - 1] ?? '', number);
  return { lines, sections: builder.sections, items: builder.finish(), hidden: builder.hidden };
}

// A line such as `**Files**: a.ts` says something of its own, whatever line stands before it.
const LABEL =
  /^(?:\*\*|__?)[\p{L}][^*_:：]{0,50}(?:[:：]\s*(?:\*\*|__?)|(?:\*\*|__?)\s*[:：])|^[A-Z][A-Za-z-]{1,20}(?: [A-Za-z]{1,12}){0,2}:(?:\s|$)/u;

// `T001 [P] Create …` below another such line is a line of its own.
const TASK_LINE = /^T\d{3,4}[a-z]?\s+(?:\[P\]\s+)?\S/u;

// `<tasks>` and `</success_criteria>` alone on a line structure a document and are no text of it.
const TAG = /^<\/?[a-z][\w-]*>$/iu;

class OutlineBuilder {
  readonly sections: Section[];
  readonly hidden: HiddenItem[] = [];
  private readonly items: Item[] = [];
  private readonly headings: Section[] = [];
  private section: Section;
  private readonly open: Item[] = [];
  private last: Item | Paragraph | Table | undefined;
  private fence:
    | { readonly mark: string; readonly block: Fence; readonly owner: Item | undefined }
    | undefined;
  private isComment = false;
  private readonly literal: LiteralLines;
  private headingEnd = 0;

  constructor(root: Section, literal: LiteralLines) {
    this.literal = literal;
    this.section = root;
    this.sections = [root];
  }

  add(raw: string, number: number): void {
    if (this.fence !== undefined) return this.inFence(raw, number);
    if (number <= this.headingEnd) return;
    if (this.literal.code.has(number)) return this.literalLine(raw, number);
    const underlined = this.literal.underlined.get(number);
    if (underlined !== undefined) {
      this.headingEnd = underlined.lastLine;
      return this.heading(1, underlined.text, number);
    }
    const text = this.withoutComments(raw, number);
    const line = parseLine(text);
    if (line.kind !== 'blank' && line.indent < 2 && line.kind !== 'item' && this.isAfterBlank)
      this.open.length = 0;
    this.place(line, text, number);
    this.isAfterBlank = line.kind === 'blank';
  }

  private isAfterBlank = false;

  finish(): readonly Item[] {
    for (const item of this.items.toReversed()) {
      const { parent } = item;
      if (parent !== undefined && parent.endLine < item.endLine) parent.endLine = item.endLine;
    }
    return this.items;
  }

  private place(line: LineKind, text: string, number: number): void {
    switch (line.kind) {
      case 'blank':
        this.last = undefined;
        return;
      case 'heading':
        return this.heading(line.level, line.text, number);
      case 'item':
        return this.item(line, number);
      case 'fence':
        return this.openFence(line, number);
      case 'table':
        return this.tableRow(line, number);
      case 'rule':
        this.open.length = 0;
        this.last = undefined;
        return;
      case 'quotation':
        if (ITEM.test(line.text)) this.hidden.push({ text: line.text, line: number, where: 'quotation' });
        return this.text(line.text, number, line.indent);
      case 'text':
        return this.text(text.trim(), number, line.indent);
    }
  }

  private heading(level: number, title: string, number: number): void {
    while ((this.headings.at(-1)?.level ?? 0) >= level) this.headings.pop();
    const path = [...(this.headings.at(-1)?.path ?? []), title];
    this.section = { level, title, line: number, path, blocks: [] };
    this.headings.push(this.section);
    this.sections.push(this.section);
    this.open.length = 0;
    this.last = undefined;
  }

  private item(line: Extract<LineKind, { kind: 'item' }>, number: number): void {
    while (this.open.length > 0 && line.indent < (this.open.at(-1)?.indent ?? 0) + 2) this.open.pop();
    const parent = this.open.at(-1);
    const item: Item = {
      kind: 'item',
      indent: line.indent,
      marker: line.marker,
      box: line.box,
      isStarred: line.isStarred,
      text: line.text,
      line: number,
      column: line.column,
      endLine: number,
      section: this.section,
      parent,
      children: [],
      notes: [],
    };
    (parent === undefined ? this.section.blocks : parent.children).push(item);
    this.items.push(item);
    this.open.push(item);
    this.last = item;
  }

  private text(text: string, number: number, indent: number): void {
    if (TAG.test(text)) {
      this.last = undefined;
      return;
    }
    const { last } = this;
    const isNext = last?.kind === 'paragraph' && TASK_LINE.test(last.text) && TASK_LINE.test(text);
    if (last !== undefined && last.kind !== 'table' && !LABEL.test(text) && !isNext) {
      last.text += ` ${text}`;
      last.endLine = number;
      return;
    }
    const owner = this.ownerAt(indent);
    if (owner !== undefined) {
      owner.notes.push(text);
      owner.endLine = number;
      return;
    }
    const paragraph: Paragraph = { kind: 'paragraph', text, line: number, endLine: number };
    this.section.blocks.push(paragraph);
    this.last = paragraph;
  }

  /** The open item that an indented block belongs to. */
  private ownerAt(indent: number): Item | undefined {
    while (this.open.length > 0 && indent < (this.open.at(-1)?.indent ?? 0) + 2) this.open.pop();
    return this.open.at(-1);
  }

  private tableRow({ cells, indent }: Extract<LineKind, { kind: 'table' }>, number: number): void {
    const owner = this.ownerAt(indent);
    if (owner !== undefined) {
      owner.notes.push(cells.join(' | '));
      owner.endLine = number;
      return;
    }
    if (this.last?.kind !== 'table') {
      this.last = { kind: 'table', line: number, rows: [] };
      this.section.blocks.push(this.last);
    }
    if (!cells.every((cell) => /^:?-*:?$/u.test(cell))) this.last.rows.push({ cells, line: number });
  }

  private openFence(line: Extract<LineKind, { kind: 'fence' }>, number: number): void {
    const owner = this.ownerAt(line.indent);
    const block: Fence = { kind: 'fence', language: line.language, line: number, lines: [] };
    if (owner === undefined) this.section.blocks.push(block);
    else owner.endLine = number;
    this.fence = { mark: line.mark, block, owner };
    this.last = undefined;
  }

  private literalLine(raw: string, number: number): void {
    const owner = this.open.at(-1);
    owner?.notes.push(raw);
    if (owner !== undefined) owner.endLine = number;
    if (ITEM.test(raw)) this.hidden.push({ text: raw.trim(), line: number, where: 'code' });
    this.last = undefined;
  }

  private inFence(raw: string, number: number): void {
    const { fence } = this;
    if (fence === undefined) return;
    if (fence.owner !== undefined) fence.owner.endLine = number;
    const text = raw.trim();
    if (text.startsWith(fence.mark) && /^[`~]+$/u.test(text)) {
      this.fence = undefined;
      return;
    }
    fence.block.lines.push(raw);
    fence.owner?.notes.push(raw);
    if (ITEM.test(raw)) this.hidden.push({ text, line: number, where: 'code' });
  }

  /** The line with comments blanked, so that columns stay. */
  private withoutComments(raw: string, number: number): string {
    if (!this.isComment && !raw.includes('<!--')) return raw;
    let [kept, rest] = ['', raw];
    while (rest !== '') {
      const end = this.isComment ? rest.indexOf('-->') : commentStart(rest, kept);
      const cut = end === -1 ? rest.length : end + (this.isComment ? 3 : 0);
      kept += this.isComment ? ' '.repeat(cut) : rest.slice(0, cut);
      rest = rest.slice(cut);
      if (end !== -1) this.isComment = !this.isComment;
    }
    if (kept.trim() === '' && ITEM.test(raw))
      this.hidden.push({ text: raw.trim(), line: number, where: 'comment' });
    return kept;
  }
}

/** Where a comment begins; one that does not close on its line counts only when it begins the line, as in CommonMark. */
function commentStart(rest: string, before: string): number {
  const start = rest.indexOf('<!--');
  if (start === -1 || rest.includes('-->', start)) return start;
  return (before + rest.slice(0, start)).trim() === '' ? start : -1;
}
