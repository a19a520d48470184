import { parseYaml } from '#markdown';
import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import type { Findings } from './finish.ts';
import { bodyStart, readHeader } from './front-matter-text.ts';
import { headingTasks } from './heading-task.ts';
import { readOutline } from './outline.ts';
import { featureOf } from './prd.ts';
import { fieldName } from './field-name.ts';
import { asRecord, asText, readRecord, recordReference, type DataRecord } from './record-task.ts';
import { draftOf, wordStatus, type TaskDraft } from './task-draft.ts';
import { readTitle } from './task-text.ts';

const LISTS = ['tasks', 'nodes', 'phases', 'work_items', 'items', 'steps', 'jobs', 'work_packages'] as const;

/** `task-graph.yml` and its kin: a YAML list or mapping of tasks. */
export const taskGraphReader: Reader = {
  format: 'task-graph',
  recognises: (input) => {
    const isYaml =
      /\.ya?ml$/u.test(input.path) || !/^(?:#|---\n[\s\S]*?\n---\n\s*\S|\s*[[{-])/u.test(input.text);
    return isYaml && /^(?:tasks|nodes|phases|work_items|steps|work_packages):/mu.test(input.text)
      ? 'YAML with a list of tasks'
      : undefined;
  },
  read: readGraph,
};

function readGraph(input: SourceInput): Findings {
  const yaml = parseYaml(
    input.text.replace(/^---\n/u, ''),
    input.path,
    input.text.startsWith('---\n') ? 2 : 1,
  );
  const base = { input, format: 'task-graph', formatWhy: '' };
  if (!yaml.ok) return { ...base, feature: input.path, drafts: [], diagnostics: yaml.error };
  const root = asRecord(yaml.value) ?? (Array.isArray(yaml.value) ? { tasks: yaml.value } : {});
  const lineOf = createLineFinder(input.text);
  const drafts = LISTS.flatMap((key) => collect(root[key], { section: [], lineOf }));
  const feature = asText(root['feature']) || asText(root['name']) || asText(root['title']) || input.path;
  return { ...base, feature, drafts };
}

interface Place {
  readonly section: readonly string[];
  readonly lineOf: (name: string) => number;
}

/** Tasks of a list, or of a mapping from id to task; an entry with tasks of its own is their group. */
function collect(value: unknown, place: Place): TaskDraft[] {
  const named = Array.isArray(value)
    ? value.map(
        (one) => ['', asRecord(one) ?? (asText(one) === '' ? undefined : { title: asText(one) })] as const,
      )
    : Object.entries(asRecord(value) ?? {}).map(([key, one]) => [key, asRecord(one)] as const);
  return named.flatMap(([key, record]) => {
    if (record === undefined) return [];
    const inner =
      LISTS.find((list) => typeof record[list] === 'object' && record[list] !== null) ??
      (typeof record['subtasks'] === 'object' ? 'subtasks' : undefined);
    const name =
      asText(record['id']) ||
      asText(record['task_id']) ||
      key ||
      asText(record['name']) ||
      asText(record['title']);
    if (inner === undefined) return [graphTask(record, key, place)];
    const group = collect(record[inner], {
      ...place,
      section: [...place.section, asText(record['title']) || asText(record['name']) || name],
    });
    const needs = Object.entries(record).flatMap(([field, given]) =>
      fieldName(field) === 'depends' ? (recordReference(field, given, place.lineOf(name)) ?? []) : [],
    );
    for (const draft of group) {
      draft.aliases.push(name);
      draft.references.push(...needs.map((one) => ({ ...one, reason: 'group' as const })));
    }
    return group;
  });
}

function graphTask(record: DataRecord, key: string, { section, lineOf }: Place): TaskDraft {
  const id = asText(record['id']) || asText(record['task_id']) || key;
  const title =
    asText(record['title']) ||
    asText(record['name']) ||
    asText(record['goal']) ||
    asText(record['description']) ||
    id;
  const line = lineOf(id === '' ? title : id);
  const draft = draftOf({ id: id === '' ? undefined : id, title, section, line });
  readTitle(draft, title);
  draft.references.length = 0;
  readRecord(draft, record, line, new Set(['id', 'task_id', 'title', 'name']));
  if (/^(?:gate|checkpoint|approval)$/iu.test(asText(record['type'] ?? record['kind']))) {
    draft.kind = 'checkpoint';
    if (draft.gates.length === 0) draft.approval ??= `type: ${asText(record['type'] ?? record['kind'])}`;
  }
  if (record['status'] !== undefined) draft.status = wordStatus(asText(record['status']));
  return draft;
}

/** Line of the first entry that names an id or title, by the text alone: YAML here bears no positions. */
function createLineFinder(text: string): (name: string) => number {
  const byValue = new Map<string, number>();
  text.split('\n').forEach((line, index) => {
    const match = /^\s*(?:-\s+)?(?:(?:id|task_id|title|name)\s*:\s*)?["']?([^"'#]+?)["']?\s*:?\s*$/u.exec(
      line.slice(0, 400),
    );
    if (match?.[1] !== undefined && !byValue.has(match[1])) byValue.set(match[1], index + 1);
  });
  return (name) => byValue.get(name) ?? 1;
}

/** A markdown task graph: front matter of one task, or headings whose bullets are its fields. */
export const taskGraphMarkdownReader: Reader = {
  format: 'task-graph-md',
  recognises: (input) => {
    const head = /^---\n([\s\S]{0,8000}?)\n---/u.exec(input.text)?.[1] ?? '';
    if (/^(?:task_id|work_package_id):/mu.test(head)) return 'front matter with a task id';
    const fields =
      input.text.match(/^\s*[-*]\s+`?(?:parallel_ok|depends_on|do_not_touch)`?\s*:/gmu)?.length ?? 0;
    return fields > 1 ? 'headings with depends_on and parallel_ok' : undefined;
  },
  read: (input) => {
    const outline = readOutline(input.text, bodyStart(input.text));
    const header = readHeader(input.text, input.path);
    const single = asText(header?.data['task_id']) || asText(header?.data['work_package_id']);
    const drafts =
      single === ''
        ? headingTasks(outline, /^(?:phase|task|step|stage|wp|t|work package)?[ -]?\d+|^[A-Z]{1,6}-?\d+/iu)
        : [headerTask(input, single, header?.data ?? {})];
    return {
      input,
      format: 'task-graph-md',
      formatWhy: '',
      feature: featureOf(outline, input.path),
      drafts: drafts.map(withHeadingAlias),
      outline,
      diagnostics: header?.diagnostics ?? [],
    };
  },
};

function headerTask(input: SourceInput, id: string, data: DataRecord): TaskDraft {
  const title = asText(data['title']) || asText(data['name']) || id;
  const draft = draftOf({ id, title, section: [], line: 1, endLine: input.text.split('\n').length });
  readTitle(draft, title);
  readRecord(
    draft,
    data,
    1,
    new Set(['id', 'task_id', 'work_package_id', 'title', 'name', 'subtasks', 'history', 'agent']),
  );
  return draft;
}

/** `## Phase 1: API` answers to `Phase 1`, `phase-1` and `1`. */
function withHeadingAlias(draft: TaskDraft): TaskDraft {
  const number = /(\d+)$/u.exec(draft.id ?? '')?.[1];
  return number === undefined
    ? draft
    : {
        ...draft,
        aliases: [
          ...draft.aliases,
          number,
          `phase-${number}`,
          `phase ${number}`,
          `task-${number}`,
          `task ${number}`,
        ],
      };
}
