import { parseYaml } from '#markdown';
import { rangeAt, type Diagnostic, type Range } from '#protocol';
import type { SourceDocument, SourceTask } from '../model.ts';
import { parseEstimate } from '../read/estimate-text.ts';
import { cleanPath } from '../read/path-text.ts';
import { asList, asRecord, asText, type DataRecord } from '../read/record-task.ts';

/**
 * The document with answers taken in: stated values that no inference changes. What the file has wrong is a diagnostic with its
 * place in that file; a wrong value is an error, an answer about no task of the document a warning.
 */
export function applyAnswers(document: SourceDocument, text: string, path: string): SourceDocument {
  const yaml = parseYaml(text, path);
  if (!yaml.ok) return { ...document, diagnostics: [...document.diagnostics, ...yaml.error] };
  const root = asRecord(yaml.value);
  const answers = asRecord(root?.['answers']) ?? root;
  const sheet: Sheet = {
    path,
    lines: text.split('\n'),
    ids: new Set(document.tasks.map(({ id }) => id)),
    diagnostics: [],
  };
  if (answers === undefined) {
    if (yaml.value !== null && yaml.value !== undefined)
      refuse(sheet, {
        range: rangeAt(1),
        message: 'the answers are no mapping',
        expected: 'answers: {task: {files: […]}}',
      });
    return { ...document, diagnostics: [...document.diagnostics, ...sheet.diagnostics] };
  }
  for (const id of Object.keys(answers)) if (!sheet.ids.has(id)) unknownTask(id, sheet);
  const tasks = document.tasks.map((task) =>
    Object.hasOwn(answers, task.id) ? answered(task, answers[task.id], sheet) : task,
  );
  return { ...document, tasks, diagnostics: [...document.diagnostics, ...sheet.diagnostics] };
}

interface Sheet {
  readonly path: string;
  readonly lines: readonly string[];
  readonly ids: ReadonlySet<string>;
  readonly diagnostics: Diagnostic[];
}

const FIELDS = ['files', 'after', 'estimate', 'agent'] as const;

function answered(task: SourceTask, value: unknown, sheet: Sheet): SourceTask {
  const answer = asRecord(value);
  if (answer === undefined) {
    refuse(sheet, {
      range: placeOf(sheet, task.id),
      message: `the answer to "${task.id}" is no mapping`,
      expected: FIELDS.map((field) => `${field}: …`).join(', '),
    });
    return task;
  }
  for (const field of Object.keys(answer))
    if (!FIELDS.some((known) => known === field))
      refuse(sheet, {
        range: placeOf(sheet, task.id, field),
        message: `"${field}" is no question`,
        expected: FIELDS.join(' | '),
      });
  const why = `answered in ${sheet.path}`;
  const files = filesOf(task.id, answer, sheet);
  const after = afterOf(task.id, answer, sheet);
  const estimate = estimateOf(task.id, answer, sheet);
  const agent = asText(answer['agent']);
  return {
    ...task,
    ...(files === undefined
      ? {}
      : { writes: files.map((file) => ({ path: file, mode: 'unknown' as const, rung: 1 as const, why })) }),
    ...(files?.length === 0 ? { kind: 'verify' as const } : {}),
    ...(after === undefined
      ? {}
      : { dependencies: after.map((id) => ({ id, reason: 'field' as const, why })), isOrderKnown: true }),
    ...(estimate === undefined ? {} : { estimate }),
    ...(agent === '' ? {} : { agent }),
  };
}

function filesOf(id: string, answer: DataRecord, sheet: Sheet): readonly string[] | undefined {
  if (answer['files'] === undefined) return undefined;
  return asList(answer['files']).flatMap((one) => {
    const text = asText(one);
    const path = cleanPath(text, 'code')?.path;
    if (path !== undefined) return [path];
    const range = placeOf(sheet, id, 'files', text);
    refuse(sheet, {
      code: 'PATH_INVALID',
      range,
      message: `"${text}" is no path in the repository`,
      expected: 'src/a.ts or src/folder/',
    });
    return [];
  });
}

function afterOf(id: string, answer: DataRecord, sheet: Sheet): readonly string[] | undefined {
  if (answer['after'] === undefined) return undefined;
  return asList(answer['after']).flatMap((one) => {
    const name = asText(one);
    if (sheet.ids.has(name) && name !== id) return [name];
    const range = placeOf(sheet, id, 'after', name);
    const message =
      name === id
        ? `"${id}" cannot wait for itself`
        : `"${id}" is to wait for "${name}", which no task is called`;
    refuse(sheet, {
      code: 'TASK_ID_UNKNOWN',
      range,
      message,
      expected: [...sheet.ids].slice(0, 12).join(' | '),
    });
    return [];
  });
}

function estimateOf(id: string, answer: DataRecord, sheet: Sheet): SourceTask['estimate'] {
  if (answer['estimate'] === undefined) return undefined;
  const text = asText(answer['estimate']);
  const estimate = parseEstimate(text);
  if (estimate === undefined)
    refuse(sheet, {
      range: placeOf(sheet, id, 'estimate', text),
      message: `"${text}" is no estimate`,
      expected: '30m, 2h, 1d, M or 3 points',
    });
  return estimate;
}

interface Refusal {
  readonly code?: Diagnostic['code'];
  readonly range: Range;
  readonly message: string;
  readonly expected: string;
}

function refuse({ path, diagnostics }: Sheet, { code = 'FIELD_INVALID', ...refusal }: Refusal): void {
  diagnostics.push({ severity: 'error', code, path, ...refusal });
}

function unknownTask(id: string, sheet: Sheet): void {
  sheet.diagnostics.push({
    severity: 'warning',
    code: 'TASK_ID_UNKNOWN',
    message: `"${id}" is answered, but no task is called so`,
    path: sheet.path,
    range: placeOf(sheet, id),
  });
}

/** Where the answers speak of a task, of a field of it, of a word in that field. */
function placeOf({ lines }: Sheet, ...words: readonly string[]): Range {
  let [line, column, length] = [0, 0, 1];
  for (const word of words) {
    if (word === '') break;
    for (let at = line; at < lines.length; at += 1) {
      const found = (lines[at] ?? '').replace(/(^|\s)#.*$/u, '').indexOf(word, at === line ? column : 0);
      if (found === -1) continue;
      [line, column, length] = [at, found, word.length];
      break;
    }
  }
  return rangeAt(line + 1, column + 1, length);
}
