import { fieldName, type FieldName } from './field-name.ts';
import { shortTitle, splitTaskLine } from './item-task.ts';
import type { Section, Table } from './outline.ts';
import { draftOf, type TaskDraft } from './task-draft.ts';
import { readField, readTitle } from './task-text.ts';

/** Tasks of a table whose header has a title column and one more that speaks of tasks; none of any other table. */
export function tableTasks(table: Table, section: Section): TaskDraft[] {
  const [header, ...rows] = table.rows;
  const columns = (header?.cells ?? []).map((cell) => fieldName(cell.replace(/[*_`]/gu, '')));
  const title = columns.findIndex((name) => name === 'title' || name === 'description');
  const isTasks = columns.some(
    (name) => name !== undefined && name !== 'title' && name !== 'description' && name !== 'note',
  );
  if (title === -1 || !isTasks) return [];
  return rows.flatMap(({ cells, line }) => {
    const text = cells[title] ?? '';
    return text === '' || /^-+$|^\**total/iu.test(text)
      ? []
      : [rowTask({ cells, line }, { columns, title, section })];
  });
}

interface TableShape {
  readonly columns: readonly (FieldName | undefined)[];
  readonly title: number;
  readonly section: Section;
}

function rowTask(
  row: { readonly cells: readonly string[]; readonly line: number },
  shape: TableShape,
): TaskDraft {
  const { columns, title, section } = shape;
  const own = splitTaskLine(row.cells[title] ?? '');
  const idCell = row.cells[columns.indexOf('id')]?.replace(/[*_`#]/gu, '').trim();
  const id =
    idCell === undefined || idCell === '' || /^\d+$/u.test(idCell) ? own.id : idCell.replace(/\s+/gu, '-');
  const draft = draftOf({
    id,
    title: shortTitle(own.text),
    section: section.path,
    line: row.line,
    aliases: idCell === undefined ? [] : [idCell],
  });
  if (/^~~.*~~/u.test(own.text)) draft.status = 'cancelled';
  readTitle(draft, own.text);
  columns.forEach((name, column) => {
    const value = row.cells[column] ?? '';
    if (name === undefined || column === title || name === 'id' || value === '') return;
    readField(draft, { name, value, list: [], line: row.line, label: name });
  });
  return draft;
}
