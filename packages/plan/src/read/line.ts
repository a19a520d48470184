/** What one line of markdown is by itself. `indent` counts columns, tabs to the next multiple of four. */
export type LineKind =
  | { readonly kind: 'blank'; readonly indent: number }
  | { readonly kind: 'rule'; readonly indent: number }
  | { readonly kind: 'heading'; readonly indent: number; readonly level: number; readonly text: string }
  | {
      readonly kind: 'item';
      readonly indent: number;
      readonly marker: string;
      readonly box: string | undefined;
      readonly isStarred: boolean;
      readonly text: string;
      readonly column: number;
    }
  | { readonly kind: 'fence'; readonly indent: number; readonly mark: string; readonly language: string }
  | { readonly kind: 'table'; readonly indent: number; readonly cells: readonly string[] }
  | { readonly kind: 'quotation'; readonly indent: number; readonly text: string }
  | { readonly kind: 'text'; readonly indent: number };

/** A list item: indentation, marker, optional box with an optional star, text. */
export const ITEM: RegExp =
  /^(\s*)([-*+•]|\d{1,6}[.)])(?:[ \t]+(?:\[([ xX~\-!✓✔✅/>]?)\](?!\()(\*?)(?=\s|$|[A-Z]{1,4}-?\d))?(.*)|$)/u;

const HEADING = /^\s{0,3}(#{1,6})(?:[ \t]+(.*))?$/u;
const FENCE = /^\s*(`{3,}|~{3,})([^`]*)$/u;
const RULE = /^\s*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/u;

/** Classifies one line without its neighbours. */
export function parseLine(line: string): LineKind {
  const trimmed = line.trimStart();
  if (trimmed === '') return { kind: 'blank', indent: 0 };
  const indent = columnsOf(line.slice(0, line.length - trimmed.length));
  if (RULE.test(line)) return { kind: 'rule', indent };
  const heading = HEADING.exec(line);
  if (heading !== null)
    return { kind: 'heading', indent, level: heading[1]?.length ?? 1, text: headingText(heading[2]) };
  const fence = FENCE.exec(line);
  if (fence !== null)
    return { kind: 'fence', indent, mark: fence[1] ?? '```', language: (fence[2] ?? '').trim() };
  const item = ITEM.exec(line);
  if (item !== null) return itemLine(item, indent);
  if (trimmed.startsWith('|')) return { kind: 'table', indent, cells: tableCells(trimmed) };
  if (trimmed.startsWith('>')) return { kind: 'quotation', indent, text: trimmed.replace(/^(?:>\s?)+/u, '') };
  return { kind: 'text', indent };
}

// A sign is a box only before the id of a task: "✅ works offline" and "✅ FR-001" are none.
const SIGN =
  /^(✅|☑|✔|⬜|🔲|☐|🚧|🔄|⏳|❌)\uFE0F?\s+(?=(?:\*\*|\[|`)*(?!N?FR|SC|AC|REQ|BR|SR|UC)[A-Z]{1,6}-?\d{1,5}\b)/u;

function signBox(sign: string): string {
  if (/[✅☑✔]/u.test(sign)) return 'x';
  if (sign === '❌') return '-';
  return /🚧|🔄|⏳/u.test(sign) ? '~' : ' ';
}

// `- 1.2 [x] Title`: the number before the box.
const NUMBER_THEN_BOX = /^(\d{1,4}(?:\.\d{1,4})+)\s+\[([ xX~-])\]\s+(\S.*)$/u;

function itemLine(match: readonly (string | undefined)[], indent: number): LineKind {
  const [, space = '', marker = '-', written, star = '', rest = ''] = match;
  const sign = written === undefined ? SIGN.exec(rest) : null;
  const box = sign === null ? written : signBox(sign[1] ?? '');
  const text = sign === null ? rest : rest.slice(sign[0].length);
  const late = box === undefined ? NUMBER_THEN_BOX.exec(text) : null;
  if (late !== null)
    return itemLine(
      [match[0], space, marker, late[2] ?? ' ', '', `${late[1] ?? ''} ${late[3] ?? ''}`],
      indent,
    );
  return {
    kind: 'item',
    indent,
    marker,
    box: box === undefined ? undefined : box === '' ? ' ' : box,
    isStarred: star === '*',
    text: text.trim(),
    column: space.length + 1,
  };
}

function headingText(text: string | undefined): string {
  return (text ?? '')
    .trim()
    .replace(/(?:^|[ \t])#+$/u, '')
    .trim();
}

function columnsOf(space: string): number {
  let columns = 0;
  for (const character of space) columns += character === '\t' ? 4 - (columns % 4) : 1;
  return columns;
}

/** Cells of a table row; `\|` and pipes in code spans do not separate. */
function tableCells(row: string): string[] {
  const cells: string[] = [];
  let [cell, isCode] = ['', false];
  for (let index = 1; index < row.length; index += 1) {
    const character = row.charAt(index);
    if (character === '\\' && row.charAt(index + 1) === '|') {
      cell += '|';
      index += 1;
    } else if (character === '|' && !isCode) {
      cells.push(cell.trim());
      cell = '';
    } else {
      if (character === '`') isCode = !isCode;
      cell += character;
    }
  }
  if (cell.trim() !== '') cells.push(cell.trim());
  return cells;
}
