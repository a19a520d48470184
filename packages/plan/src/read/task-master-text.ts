import type { Reader } from './reader.ts';
import type { SourceInput } from '../model.ts';
import type { Findings } from './finish.ts';
import { draftOf, wordStatus, type TaskDraft } from './task-draft.ts';
import { fieldName } from './field-name.ts';
import { readDetail, readField, readTitle } from './task-text.ts';

const HEAD = /^# Task ID:\s*(\S+)/mu;
const FIELD = /^#{1,3}\s+([A-Z][A-Za-z ]{1,20}):\s*(.*)$/u;
const SUBTASK = /^## (\d+)\.\s+(.+?)(?:\s*\[([a-z-]+)\])?\s*$/u;

/** claude-task-master's `task_001.txt`: one task in lines of `# Field: value`, its sub-tasks as `## 1. Title [pending]`. */
export const taskMasterTextReader: Reader = {
  format: 'task-master-text',
  recognises: ({ text }) =>
    HEAD.test(text) && /^# Title:/mu.test(text) ? 'a task in lines of "# Field:"' : undefined,
  read: readText,
};

interface Part {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly line: number;
  readonly lines: string[];
}

function readText(input: SourceInput): Findings {
  const id = HEAD.exec(input.text)?.[1] ?? '1';
  const title = /^# Title:\s*(.+)$/mu.exec(input.text)?.[1]?.trim() ?? id;
  const head: Part = { id, title, status: '', line: 1, lines: [] };
  const parts = [head];
  input.text.split('\n').forEach((text, index) => {
    const match = SUBTASK.exec(text);
    if (match === null) parts.at(-1)?.lines.push(text);
    else
      parts.push({
        id: `${id}.${match[1] ?? ''}`,
        title: match[2] ?? '',
        status: match[3] ?? '',
        line: index + 1,
        lines: [],
      });
  });
  const drafts = parts.map((part) => partTask(part, id));
  const [whole, ...inner] = drafts;
  for (const draft of inner) {
    draft.aliases.push(id);
    draft.references.push(...(whole?.references ?? []).map((one) => ({ ...one, reason: 'group' as const })));
  }
  return {
    input,
    format: 'task-master-text',
    formatWhy: '',
    feature: title,
    drafts: inner.length > 0 ? inner : drafts,
  };
}

/** In a sub-task a bare number names a sibling. */
function partTask({ id, title, status, line, lines }: Part, task: string): TaskDraft {
  const draft = draftOf({ id, title, section: [], line, endLine: line + lines.length });
  readTitle(draft, title);
  let isDetail = true;
  lines.forEach((text, index) => {
    const match = FIELD.exec(text);
    const name = fieldName(match?.[1] ?? '');
    if (match === null) {
      if (isDetail) readDetail(draft, text.trim(), line + index);
      return;
    }
    isDetail = name !== 'acceptance';
    if (name === 'depends')
      draft.references.push(...dependencies(match[2] ?? '', id === task ? '' : `${task}.`, line + index));
    else if (name === 'description') readDetail(draft, match[2] ?? '', line + index);
    else if (name !== undefined && name !== 'title' && name !== 'id')
      readField(draft, { name, value: match[2] ?? '', list: [], line: line + index, label: match[1] ?? '' });
  });
  if (status !== '') draft.status = wordStatus(status);
  return draft;
}

function dependencies(value: string, prefix: string, line: number): TaskDraft['references'] {
  return value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => /^[\w.]*\d$/u.test(one))
    .map((one) => ({
      targets: [/^\d+$/u.test(one) ? prefix + one : one],
      reason: 'field' as const,
      why: `Dependencies: ${value}`.slice(0, 80),
      line,
      isCertain: true,
    }));
}
