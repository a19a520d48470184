import { parseFrontMatter } from '#markdown';
import type { Diagnostic } from '#protocol';
import { isFieldName, taskOfFields } from './read-fields.ts';
import type { TaskReading } from './read-task-graph.ts';

const FIELD = /^\s*(?:[-*+]\s+)?\*{0,2}([A-Za-z][A-Za-z _-]{1,30}?)\*{0,2}\s*:\*{0,2}\s*(.*?)\s*$/u;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*\s*$/u;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*?)\s*$/u;

const TITLE_ID = /^([A-Za-z][\w.]*-?[\w.-]*\d[\w.-]*)\s*(?:[:–—-]\s*|\s)(.*)$/u;

/** True for a document that names its one task: an id in its header or in its title. */
export function isTaskFile(text: string, path: string): boolean {
  const front = parseFrontMatter(text, path);
  if (!front.ok) return false;
  const { title, fields } = readBody(front.value.body);
  return (writtenId(front.value.data ?? {}) ?? writtenId(fields)) !== undefined || TITLE_ID.test(title);
}

/**
 * Reads one task file, as in `.claude/tasks/BACKEND-01.md`: front matter, or `- depends_on: …` lines under the title;
 * lists below `Files`, `Acceptance`, `Dependencies` headings count as those fields. The id is the header's, else the
 * title's first word when it has a digit (`# BACKEND-01: Login`), else the file's name.
 */
export function readTaskFile(text: string, path: string): TaskReading {
  const front = parseFrontMatter(text, path);
  if (!front.ok) return { tasks: [], diagnostics: front.error };
  const { data = {}, body, bodyLine } = front.value;
  const written = readBody(body);
  const [, titleId, titleRest] = TITLE_ID.exec(written.title) ?? [];
  const name = (path.split('/').at(-1) ?? path).replace(/\.md$/iu, '');
  const id = writtenId(data) ?? writtenId(written.fields) ?? titleId ?? name;
  const title = titleRest ?? written.title;
  const fields = {
    ...(title === '' ? {} : { title }),
    ...written.fields,
    ...data,
    description: written.prose,
  };
  const diagnostics: Diagnostic[] = [];
  const task = taskOfFields(
    fields,
    { path, id, line: written.titleLine === 0 ? 1 : written.titleLine + bodyLine - 1 },
    diagnostics,
  );
  return { tasks: [task], diagnostics };
}

function writtenId(fields: Readonly<Record<string, unknown>>): string | undefined {
  const id = fields['id'] ?? fields['task_id'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

interface Body {
  readonly title: string;
  /** 1-based line in the body; 0 when there is no title. */
  readonly titleLine: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly prose: string;
}

const SECTIONS: Readonly<Record<string, string>> = {
  acceptance: 'criteria',
  'acceptance criteria': 'criteria',
  'success criteria': 'criteria',
  'done when': 'criteria',
  dependencies: 'depends_on',
  'depends on': 'depends_on',
  files: 'files',
  'files to create': 'create',
  'files to modify': 'files',
  outputs: 'produces',
  produces: 'produces',
  consumes: 'consumes',
};

function readBody(body: string): Body {
  const lines = body.split('\n');
  const fields: Record<string, unknown> = {};
  const prose: string[] = [];
  let title = '';
  let titleLine = 0;
  let section: string | undefined;
  let isHead = true;
  let fence = false;
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:```|~~~)/u.test(line)) fence = !fence;
    const heading = fence ? null : HEADING.exec(line);
    if (heading?.[1] === '#' && title === '') {
      title = heading[2] ?? '';
      titleLine = index + 1;
      continue;
    }
    if (heading !== null) {
      section = SECTIONS[(heading[2] ?? '').toLowerCase().replace(/[:*]/gu, '').trim()];
      isHead = false;
    }
    const taken = !fence && heading === null && takeLine(line, { section, isHead, fields });
    if (!taken && (heading === null || section === undefined)) prose.push(line);
  }
  return {
    title,
    titleLine,
    fields,
    prose: prose
      .join('\n')
      .replace(/\n{3,}/gu, '\n\n')
      .trim(),
  };
}

function takeLine(
  line: string,
  {
    section,
    isHead,
    fields,
  }: { section: string | undefined; isHead: boolean; fields: Record<string, unknown> },
): boolean {
  const item = ITEM.exec(line)?.[1];
  if (section !== undefined && item !== undefined) {
    const list = fields[section];
    const clean =
      section === 'criteria' ? item : item.replace(/^`([^`]+)`.*$/u, '$1').replace(/\s+[–—-]\s.*$/u, '');
    if (!/^none\.?$/iu.test(clean)) fields[section] = [...(Array.isArray(list) ? list : []), clean];
    return true;
  }
  const field = isHead ? FIELD.exec(line) : null;
  if (field === null || !isFieldName(field[1] ?? '')) return false;
  fields[(field[1] ?? '').toLowerCase().replace(/[\s-]+/gu, '_')] = field[2] ?? '';
  return true;
}
