import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import type { Findings } from './finish.ts';
import { parseJson, type JsonPlace, type JsonSource } from './json-source.ts';
import { asList, asRecord, asText, readRecord, type DataRecord } from './record-task.ts';
import { draftOf, wordStatus, type RawReference, type TaskDraft } from './task-draft.ts';
import { fieldName } from './field-name.ts';
import { readDetail, readField, readTitle } from './task-text.ts';

/** claude-task-master's `tasks.json`, with tags and without. */
export const taskMasterReader: Reader = {
  format: 'task-master',
  recognises: (input) =>
    /^\s*\{/u.test(input.text) &&
    /"tasks"\s*:\s*\[/u.test(input.text) &&
    !/"userStories"\s*:/u.test(input.text.slice(0, 4000))
      ? 'JSON with lists called "tasks"'
      : undefined,
  read: readTaskMaster,
};

// Keys that are read here, and those whose prose speaks of other things than this task's files.
const OWN = new Set([
  'id',
  'title',
  'name',
  'status',
  'dependencies',
  'subtasks',
  'description',
  'details',
  'testStrategy',
  'metadata',
  'complexity',
  'effort',
]);

function readTaskMaster(input: SourceInput): Findings {
  const json = parseJson(input.text, input.path);
  const base = { input, format: 'task-master', formatWhy: '', feature: featureOf(input.path) };
  if (!json.ok) return { ...base, drafts: [], diagnostics: [json.error] };
  const tags = tagsOf(json.value.value);
  const drafts = tags.flatMap(([tag, tasks]) => tagDrafts(json.value, tag, tasks));
  return { ...base, drafts };
}

function featureOf(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.\w+$/u, '');
}

function tagsOf(value: unknown): [string, readonly unknown[]][] {
  const record = asRecord(value) ?? {};
  if (Array.isArray(record['tasks'])) return [['', record['tasks']]];
  return Object.entries(record).flatMap(([tag, content]) => {
    const tasks = asRecord(content)?.['tasks'];
    return Array.isArray(tasks) ? [[tag, tasks] as [string, readonly unknown[]]] : [];
  });
}

function tagDrafts(json: JsonSource, tag: string, tasks: readonly unknown[]): TaskDraft[] {
  return tasks.flatMap((value) => {
    const task = asRecord(value);
    if (task === undefined) return [];
    const parts = asList(task['subtasks'])
      .map(asRecord)
      .filter((part) => part !== undefined);
    if (parts.length === 0)
      return [jsonTask(task, { id: asText(task['id']), tag, place: json.placeOf(task), group: undefined })];
    return parts.map((part) =>
      jsonTask(part, {
        id: `${asText(task['id'])}.${asText(part['id'])}`,
        tag,
        place: json.placeOf(part),
        group: task,
      }),
    );
  });
}

interface TaskPlace {
  readonly id: string;
  readonly tag: string;
  readonly place: JsonPlace;
  readonly group: DataRecord | undefined;
}

function jsonTask(task: DataRecord, { id, tag, place, group }: TaskPlace): TaskDraft {
  const { line } = place;
  const title = asText(task['title']) || asText(task['name']) || asText(task['description']) || id;
  const groupId = asText(group?.['id']);
  const section = [tag, asText(group?.['title'])].filter((part) => part !== '');
  const draft = draftOf({
    id,
    title,
    section,
    qualifier: tag,
    ...place,
    aliases: groupId === '' ? [] : [groupId],
  });
  draft.status = statusOf(task, group);
  readTitle(draft, title);
  for (const key of ['description', 'details']) {
    for (const text of asText(task[key]).split('\n')) readDetail(draft, text.trim(), line);
  }
  // Prose of a JSON task states no dependencies: the field does.
  draft.references.length = 0;
  const test = asText(task['testStrategy']);
  if (test !== '') draft.acceptance.push(test);
  readRecord(draft, task, line, OWN);
  readRelevantFiles(draft, task['relevantFiles'] ?? task['relevant_files'], line);
  draft.references.push(...references(task, groupId, line), ...inherited(group, line));
  return draft;
}

/** `{path, action: create | modify | reference}`: what is referenced is read. */
function readRelevantFiles(draft: TaskDraft, files: unknown, line: number): void {
  for (const value of asList(files)) {
    const record = asRecord(value);
    const action = asText(record?.['action'] ?? record?.['mode']);
    const name = /^ref|^read/iu.test(action) ? 'read' : (fieldName(action) ?? 'files');
    const path = record === undefined ? asText(value) : asText(record['path'] ?? record['file']);
    readField(draft, { name, value: `\`${path}\``, list: [], line, label: 'relevantFiles' });
  }
}

function statusOf(task: DataRecord, group: DataRecord | undefined): TaskDraft['status'] {
  const own = wordStatus(asText(task['status']));
  const above = wordStatus(asText(group?.['status']));
  return own === 'todo' && (above === 'done' || above === 'cancelled') ? above : own;
}

/** A bare number in a sub-task names a sibling, a qualified one any sub-task. */
function references(task: DataRecord, groupId: string, line: number): RawReference[] {
  return asList(task['dependencies']).map((value) => {
    const text = asText(value);
    const target = groupId !== '' && /^\d+$/u.test(text) ? `${groupId}.${text}` : text;
    return { targets: [target], reason: 'field', why: `dependencies: ${text}`, line, isCertain: true };
  });
}

function inherited(group: DataRecord | undefined, line: number): RawReference[] {
  return asList(group?.['dependencies']).map((value) => ({
    targets: [asText(value)],
    reason: 'group',
    why: `task ${asText(group?.['id'])} depends on ${asText(value)}`,
    line,
    isCertain: true,
  }));
}
