import type { SourceDocument, SourceTask } from '../model.ts';

/** claude-task-master's `tasks.json`, under the tag `master`; ids become numbers in the order of the document. */
export function exportTaskMaster(document: SourceDocument): string {
  const ids = new Map(document.tasks.map(({ id }, index) => [id, index + 1]));
  const tasks = document.tasks.map((task) => ({
    id: ids.get(task.id),
    title: task.title,
    description: task.detail.split('\n')[0] ?? '',
    status: { todo: 'pending', doing: 'in-progress', done: 'done', cancelled: 'cancelled' }[task.status],
    dependencies: task.dependencies.flatMap(({ id }) => ids.get(id) ?? []),
    priority: /^(?:low|medium|high|critical)$/u.test(task.priority ?? '') ? task.priority : 'medium',
    details: [task.detail, ...fileLines(task)].filter((line) => line !== '').join('\n'),
    testStrategy: task.acceptance.join('\n'),
    subtasks: [],
  }));
  return `${JSON.stringify({ master: { tasks, metadata: { description: document.feature } } }, undefined, 2)}\n`;
}

function fileLines(task: SourceTask): string[] {
  return task.writes.length === 0 ? [] : [`Files: ${task.writes.map(({ path }) => path).join(', ')}`];
}

/** The task model as it is. */
export function exportJson(document: SourceDocument): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** A flow chart of tasks and dependencies. */
export function exportMermaid(document: SourceDocument): string {
  const names = new Map(document.tasks.map(({ id }, index) => [id, `t${index + 1}`]));
  const nodes = document.tasks.map(
    ({ id, title }) => `  ${names.get(id) ?? ''}["${escaped(`${id} ${title}`)}"]`,
  );
  const edges = document.tasks.flatMap((task) =>
    task.dependencies.flatMap(({ id }) =>
      names.has(id) ? [`  ${names.get(id) ?? ''} --> ${names.get(task.id) ?? ''}`] : [],
    ),
  );
  return `${['flowchart LR', ...nodes, ...edges].join('\n')}\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '#amp;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .slice(0, 100);
}

/** A row a task; quotes where a cell needs them (RFC 4180), and a leading `'` where a spreadsheet would read a formula. */
export function exportCsv(document: SourceDocument): string {
  const header = [
    'id',
    'title',
    'status',
    'files',
    'depends_on',
    'estimate_minutes',
    'priority',
    'agent',
    'section',
  ];
  const rows = document.tasks.map((task) => [
    task.id,
    task.title,
    task.status,
    task.writes.map(({ path }) => path).join(' '),
    task.dependencies.map(({ id }) => id).join(' '),
    String(task.estimate?.minutes ?? ''),
    task.priority ?? '',
    task.agent ?? '',
    task.section.join(' / '),
  ]);
  return `${[header, ...rows].map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
