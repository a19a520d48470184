import type { ModifiedFile } from '#protocol';
import type { FieldReader } from './field-reader.ts';
import type { PathItem } from './path-item.ts';
import { parseTaskReference } from './task-reference.ts';

/** The task a block names; `Task ID:` wins over a word in the title. */
export function readTask(fields: FieldReader, name: string): { taskId?: string; taskTitle?: string } {
  const given = fields.word('task id');
  const text = fields.word(name);
  const { id, title } = given === undefined ? parseTaskReference(text ?? '') : { id: given, title: text };
  return {
    ...(id === undefined ? {} : { taskId: id }),
    ...(title === undefined ? {} : { taskTitle: title }),
  };
}

/** The files a block says were changed; what is no path of the repository is reported and kept as written. */
export function readFilesModified(fields: FieldReader): readonly ModifiedFile[] {
  return fields.paths('files modified').map((item) => checked(fields, item));
}

/** Paths without notes. */
export function readPaths(fields: FieldReader, name: string): readonly string[] {
  return fields.paths(name).map((item) => checked(fields, item).path);
}

function checked(fields: FieldReader, item: PathItem): ModifiedFile {
  if (item.problem !== undefined)
    fields.problem({ severity: 'warning', code: 'PATH_INVALID', message: item.problem });
  return item.note === undefined ? { path: item.path } : { path: item.path, note: item.note };
}
