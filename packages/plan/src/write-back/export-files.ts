import { renderFrontMatter } from '#markdown';
import type { SourceDocument, SourceTask } from '../model.ts';
import type { ExportedFile } from './export-document.ts';

/** A CCPM epic: `epic.md` and a numbered file for each task. */
export function exportCcpm(document: SourceDocument): readonly ExportedFile[] {
  const ids = numbers(document.tasks, (number) => String(number).padStart(3, '0'));
  const files = document.tasks.map((task) => ({
    path: `${ids.get(task.id) ?? ''}.md`,
    content: ccpmTask(task, ids),
  }));
  const list = document.tasks.map((task) => {
    const after = task.dependencies.flatMap(({ id }) => ids.get(id) ?? []);
    const depends = after.length === 0 ? '' : `, depends on ${after.join(', ')}`;
    return `- [${task.status === 'done' ? 'x' : ' '}] ${ids.get(task.id) ?? ''}.md - ${task.title} (parallel: ${String(task.parallel !== false)}${depends})`;
  });
  const epic = renderFrontMatter(
    { name: document.feature, status: 'backlog' },
    `# Epic: ${document.feature}\n\n## Tasks Created\n\n${list.join('\n')}\n`,
  );
  return [{ path: 'epic.md', content: epic }, ...files];
}

function numbers(
  tasks: readonly SourceTask[],
  name: (number: number) => string,
): ReadonlyMap<string, string> {
  return new Map(tasks.map(({ id }, index) => [id, name(index + 1)]));
}

function ccpmTask(task: SourceTask, ids: ReadonlyMap<string, string>): string {
  const header = {
    name: task.title,
    status: { todo: 'open', doing: 'in-progress', done: 'closed', cancelled: 'closed' }[task.status],
    depends_on: task.dependencies.flatMap(({ id }) => ids.get(id) ?? []),
    parallel: task.parallel !== false,
    conflicts_with: task.conflictsWith.flatMap((id) => ids.get(id) ?? []),
  };
  return renderFrontMatter(
    header,
    [`# Task: ${task.title}`, ...sections(task, 'Technical Details')].join('\n\n'),
  );
}

function sections(task: SourceTask, filesTitle: string): string[] {
  const files = task.writes.map(({ path, mode }) => `  - \`${path}\`${mode === 'create' ? ' (new)' : ''}`);
  const hours =
    task.estimate === undefined
      ? []
      : [`## Effort Estimate\n\n- Hours: ${Math.round(task.estimate.minutes / 6) / 10}`];
  return [
    ...(task.detail === '' ? [] : [`## Description\n\n${task.detail}`]),
    ...(task.acceptance.length === 0
      ? []
      : [`## Acceptance Criteria\n\n${task.acceptance.map((one) => `- [ ] ${one}`).join('\n')}`]),
    ...(files.length === 0 ? [] : [`## ${filesTitle}\n\n- Files affected:\n${files.join('\n')}`]),
    ...hours,
  ];
}

/** Backlog.md: a file a task, `task-1 - Title.md`. */
export function exportBacklog(document: SourceDocument): readonly ExportedFile[] {
  const ids = numbers(document.tasks, (number) => `task-${number}`);
  return document.tasks.map((task) => {
    const id = ids.get(task.id) ?? '';
    const header = {
      id,
      title: task.title,
      status: { todo: 'To Do', doing: 'In Progress', done: 'Done', cancelled: 'Done' }[task.status],
      assignee: task.agent === undefined ? [] : [task.agent],
      labels: [...task.skills],
      dependencies: task.dependencies.flatMap((one) => ids.get(one.id) ?? []),
      ...(task.writes.length === 0 ? {} : { modified_files: task.writes.map(({ path }) => path) }),
    };
    return {
      path: `${id} - ${fileName(task.title)}.md`,
      content: renderFrontMatter(header, sections(task, 'Implementation Plan').join('\n\n')),
    };
  });
}

/** A title as Backlog.md writes it in a file name. */
function fileName(title: string): string {
  return (
    title
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/gu, '')
      .slice(0, 60)
      .replace(/-+$/u, '') || 'task'
  );
}
