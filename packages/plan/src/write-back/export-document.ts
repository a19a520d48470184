import type { SourceDocument, SourceTask } from '../model.ts';
import { exportBacklog, exportCcpm } from './export-files.ts';
import { exportCsv, exportJson, exportMermaid, exportTaskMaster } from './export-data.ts';

/** A file that an export consists of. */
export interface ExportedFile {
  /** Relative to the folder that is written to. */
  readonly path: string;
  readonly content: string;
}

const EXPORTS: Readonly<Record<string, (document: SourceDocument) => readonly ExportedFile[]>> = {
  'spec-kit': (document) => [{ path: 'tasks.md', content: exportSpecKit(document) }],
  'task-master': (document) => [{ path: 'tasks.json', content: exportTaskMaster(document) }],
  ccpm: exportCcpm,
  backlog: exportBacklog,
  json: (document) => [{ path: 'tasks.json', content: exportJson(document) }],
  mermaid: (document) => [{ path: 'tasks.mmd', content: exportMermaid(document) }],
  csv: (document) => [{ path: 'tasks.csv', content: exportCsv(document) }],
};

/** Names that an export may be asked for by. */
export const EXPORT_FORMATS: readonly string[] = Object.keys(EXPORTS);

/** The document in another format; `undefined` for a format that is not written. */
export function exportDocument(
  document: SourceDocument,
  format: string,
): readonly ExportedFile[] | undefined {
  return Object.hasOwn(EXPORTS, format) ? EXPORTS[format]?.(document) : undefined;
}

/** spec-kit's form: numbered ids, phases, the files at the end of each line, dependencies in brackets. */
function exportSpecKit(document: SourceDocument): string {
  const ids = specKitIds(document.tasks);
  const lines = [`# Tasks: ${document.feature}`, ''];
  let phase = '';
  let number = 0;
  for (const task of document.tasks) {
    const name = stageOf(document, task) ?? task.section.at(-1) ?? 'Tasks';
    if (name !== phase) {
      phase = name;
      number += 1;
      lines.push(`## ${/^phase\s+\d/iu.test(name) ? name : `Phase ${number}: ${name}`}`, '');
    }
    lines.push(specKitLine(task, ids));
  }
  return `${lines.join('\n')}\n`;
}

function stageOf(document: SourceDocument, task: SourceTask): string | undefined {
  return document.stages.find(({ taskIds }) => taskIds.includes(task.id))?.name;
}

/** `T001` … by order; ids that already have the form are kept when all have. */
function specKitIds(tasks: readonly SourceTask[]): ReadonlyMap<string, string> {
  const stated = tasks.filter(({ added }) => added === undefined);
  const isKept = stated.every(({ id }) => /^T\d{3,}$/u.test(id));
  let next = isKept ? Math.max(0, ...stated.map(({ id }) => Number(id.slice(1)))) : 0;
  return new Map(
    tasks.map(({ id, added }) => {
      if (isKept && added === undefined) return [id, id];
      next += 1;
      return [id, `T${String(next).padStart(3, '0')}`];
    }),
  );
}

function specKitLine(task: SourceTask, ids: ReadonlyMap<string, string>): string {
  const box = { todo: ' ', doing: '~', done: 'x', cancelled: '-' }[task.status];
  const parallel = task.parallel === true ? '[P] ' : '';
  const missing = task.writes.map(({ path }) => path).filter((path) => !task.title.includes(path));
  const files = missing.length === 0 ? '' : ` in ${missing.map((path) => `\`${path}\``).join(', ')}`;
  const after = task.dependencies.flatMap(({ id }) => ids.get(id) ?? []);
  const depends = after.length === 0 ? '' : ` (depends on ${after.join(', ')})`;
  return `- [${box}] ${ids.get(task.id) ?? task.id} ${parallel}${withoutIds(task.title)}${files}${depends}`;
}

function withoutIds(title: string): string {
  return title.replace(/\s*\((?:depends? on|blocked by|after)\b[^()]*\)/giu, '').trim();
}
