import type { Reader } from './reader.ts';
import { asList, asText } from './record-task.ts';
import { readSingleTask } from './single-task.ts';

/** Backlog.md: one task in a file, `task-12 - Title.md`. */
export const backlogReader: Reader = {
  format: 'backlog',
  recognises: (input) => {
    const head = /^---\n([\s\S]{0,8000}?)\n---/u.exec(input.text)?.[1] ?? '';
    return /^id:/mu.test(head) &&
      /^title:/mu.test(head) &&
      /^(?:dependencies|assignee|created_date|labels):/mu.test(head)
      ? 'front matter with id, title and dependencies'
      : undefined;
  },
  read: (input) => {
    const name = (input.path.split('/').at(-1) ?? input.path).replace(/\.md$/u, '');
    const { draft, outline, header } = readSingleTask(input, {
      id: (data) => asText(data['id']) || (name.split(' - ')[0] ?? name),
      title: (data, heading) => asText(data['title']) || heading || name,
      skip: new Set([
        'id',
        'title',
        'created_date',
        'updated_date',
        'ordinal',
        'milestone',
        'parent_task_id',
        'subtasks',
        'due_date',
        'type',
      ]),
    });
    const parent = asText(header?.data['parent_task_id']);
    if (parent !== '') draft.aliases.push(parent);
    const assignee = asText(asList(header?.data['assignee'])[0]);
    if (assignee !== '') draft.agent = assignee.replace(/^@/u, '');
    return {
      input,
      format: 'backlog',
      formatWhy: '',
      feature: draft.title,
      drafts: [draft],
      outline,
      diagnostics: header?.diagnostics ?? [],
    };
  },
};
