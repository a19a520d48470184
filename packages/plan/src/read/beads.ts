import { rangeAt, type Diagnostic } from '#protocol';
import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import type { Findings } from './finish.ts';
import { asList, asRecord, asText, type DataRecord } from './record-task.ts';
import { parseEstimate } from './estimate-text.ts';
import { draftOf, wordStatus, type TaskDraft } from './task-draft.ts';
import { readDetail, readTitle } from './task-text.ts';

/** beads' `issues.jsonl`: one issue a line. */
export const beadsReader: Reader = {
  format: 'beads',
  recognises: (input) => {
    const first = input.text.slice(0, 20_000).trimStart().split('\n')[0] ?? '';
    return /^\{.*"id"\s*:/u.test(first) &&
      (input.path.endsWith('.jsonl') ||
        /"(?:issue_type|content_hash|created_at|dependency_count)"\s*:/u.test(first)) &&
      !/^\{\s*$/u.test(first)
      ? 'an issue on each line'
      : undefined;
  },
  read: readBeads,
};

interface Issue {
  readonly record: DataRecord;
  readonly id: string;
  readonly line: number;
}

function readBeads(input: SourceInput): Findings {
  const { issues, diagnostics } = readLines(input);
  const parents = parentsOf(issues);
  const groups = new Set(parents.values());
  const isGroup = ({ record, id }: Issue): boolean =>
    asText(record['issue_type']) === 'epic' && groups.has(id);
  const drafts = issues.filter((issue) => !isGroup(issue)).map((issue) => issueTask(issue, parents));
  const skipped = issues.filter(isGroup).map(({ record, line }) => ({
    text: asText(record['title']),
    range: rangeAt(line),
    reason: 'it is a group of the tasks below it',
  }));
  return {
    input,
    format: 'beads',
    formatWhy: '',
    feature: 'beads',
    drafts,
    diagnostics,
    skipped,
  };
}

function readLines(input: SourceInput): { issues: Issue[]; diagnostics: Diagnostic[] } {
  const issues: Issue[] = [];
  const diagnostics: Diagnostic[] = [];
  input.text.split('\n').forEach((text, index) => {
    if (text.trim() === '') return;
    const record = asRecord(parsed(text));
    const id = asText(record?.['id']);
    if (record === undefined || id === '') diagnostics.push(badLine(input.path, index + 1));
    else issues.push({ record, id, line: index + 1 });
  });
  return { issues, diagnostics };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badLine(path: string, line: number): Diagnostic {
  return {
    severity: 'warning',
    code: 'JSON_INVALID',
    message: 'this line is no issue and was left out',
    path,
    range: rangeAt(line),
    expected: 'a JSON object with an id',
  };
}

/** The parent of an issue: a `parent-child` link, else the issue whose id its own continues (`bd-1.2` of `bd-1`). */
function parentsOf(issues: readonly Issue[]): ReadonlyMap<string, string> {
  const ids = new Set(issues.map(({ id }) => id));
  const parents = new Map<string, string>();
  for (const { record, id } of issues) {
    const link = asList(record['dependencies'])
      .map(asRecord)
      .find((one) => asText(one?.['type']) === 'parent-child');
    const parent = asText(link?.['depends_on_id']) || id.replace(/\.\d+$/u, '');
    if (parent !== id && ids.has(parent)) parents.set(id, parent);
  }
  return parents;
}

const ORDERING = new Set(['blocks', 'conditional-blocks', 'waits-for', '']);

function issueTask({ record, id, line }: Issue, parents: ReadonlyMap<string, string>): TaskDraft {
  const title = asText(record['title']) || id;
  const draft = draftOf({
    id,
    title,
    section: [],
    line,
    aliases: parents.has(id) ? [parents.get(id) ?? ''] : [],
  });
  readTitle(draft, title);
  for (const key of ['description', 'design', 'notes'])
    for (const text of asText(record[key]).split('\n')) readDetail(draft, text.trim(), line);
  // Prose speaks of other issues in many ways; the links say what blocks.
  draft.references.length = 0;
  draft.status = wordStatus(asText(record['status']));
  const priority = asText(record['priority']);
  if (priority !== '') draft.priority = /^\d$/u.test(priority) ? `P${priority}` : priority;
  draft.agent = asText(record['assignee']) || undefined;
  draft.estimate = parseEstimate(asText(record['estimated_minutes']), 'minutes') ?? draft.estimate;
  draft.skills.push(
    ...asList(record['labels'])
      .map(asText)
      .filter((label) => label !== ''),
  );
  const criteria = asText(record['acceptance_criteria']);
  if (criteria !== '') draft.acceptance.push(criteria);
  for (const target of blockers(record))
    draft.references.push({
      targets: [target],
      reason: 'field',
      why: `blocked by ${target}`,
      line,
      isCertain: true,
    });
  return draft;
}

function blockers(record: DataRecord): string[] {
  const links = asList(record['dependencies']).flatMap((value) => {
    const link = asRecord(value);
    if (link === undefined) return [asText(value)];
    return ORDERING.has(asText(link['type'])) ? [asText(link['depends_on_id'])] : [];
  });
  return [...links, ...asList(record['blocked_by']).map(asText)].filter((id) => id !== '');
}
