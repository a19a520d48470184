import { parseYaml } from '#markdown';
import { rangeAt, type Diagnostic } from '#protocol';
import type { SourceDocument, SourceTask } from '../model.ts';
import { parseEstimate } from '../read/estimate-text.ts';
import { cleanPath } from '../read/path-text.ts';
import { asList, asRecord, asText, type DataRecord } from '../read/record-task.ts';

/** Something the document leaves open that changes the plan. */
export interface Question {
  readonly task: string;
  readonly field: 'files' | 'after';
  readonly question: string;
  /** What will be assumed without an answer. */
  readonly assumed: readonly string[];
}

const MAX_QUESTIONS = 30;

/** What a person or an agent should answer: where a task's files are a guess, and where an order is. The weightiest first. */
export function openQuestions(document: SourceDocument): readonly Question[] {
  const open = document.tasks.filter(
    ({ status, kind }) => kind === 'task' && (status === 'todo' || status === 'doing'),
  );
  const unplaced = open
    .filter((task) => task.writes.length === 0)
    .map((task) =>
      fileQuestion(
        task,
        `Which files does "${task.title}" write? Nothing in the text or the repository says.`,
      ),
    );
  const guessed = open
    .filter((task) => task.writes.length > 0 && task.writes.every(({ rung }) => rung >= 4))
    .map((task) =>
      fileQuestion(task, `Which files does "${task.title}" write? Guessed: ${task.writes[0]?.why ?? ''}.`),
    );
  const ordered = open.flatMap((task) => {
    const inferred = task.dependencies.filter(
      ({ reason }) => reason === 'producer' || reason === 'types-first',
    );
    if (inferred.length === 0) return [];
    const names = inferred.map(({ id }) => id);
    return [
      {
        task: task.id,
        field: 'after' as const,
        question: `Does "${task.title}" have to wait for ${names.join(', ')}?`,
        assumed: names,
      },
    ];
  });
  return [...unplaced, ...guessed, ...ordered].slice(0, MAX_QUESTIONS);
}

function fileQuestion(task: SourceTask, question: string): Question {
  return { task: task.id, field: 'files', question, assumed: task.writes.map(({ path }) => path) };
}

/** The questions as YAML that is answered by editing it: each task with its assumed values. */
export function renderQuestions(document: SourceDocument): string {
  const questions = openQuestions(document);
  const lines = [
    `# ${questions.length} open questions about ${document.path}. Correct the values and give this file to --answers.`,
    'answers:',
  ];
  const byTask = new Map<string, Question[]>();
  for (const question of questions)
    byTask.set(question.task, [...(byTask.get(question.task) ?? []), question]);
  for (const [task, list] of byTask) {
    lines.push(`  ${JSON.stringify(task)}:`);
    for (const { question, field, assumed } of list)
      lines.push(`    # ${question.replace(/\s+/gu, ' ')}`, `    ${field}: ${JSON.stringify(assumed)}`);
  }
  return questions.length === 0
    ? `# no open questions about ${document.path}\nanswers: {}\n`
    : `${lines.join('\n')}\n`;
}

/** The document with answers taken in: stated values that no inference changes. Problems of the file are diagnostics. */
export function applyAnswers(document: SourceDocument, text: string, path: string): SourceDocument {
  const yaml = parseYaml(text, path);
  if (!yaml.ok) return { ...document, diagnostics: [...document.diagnostics, ...yaml.error] };
  const root = asRecord(yaml.value);
  const answers = asRecord(root?.['answers']) ?? root ?? {};
  const ids = new Set(document.tasks.map(({ id }) => id));
  const unknown = Object.keys(answers).filter((id) => !ids.has(id));
  const tasks = document.tasks.map((task) => {
    const answer = asRecord(answers[task.id]);
    return answer === undefined ? task : answered(task, answer, { ids, path });
  });
  return {
    ...document,
    tasks,
    diagnostics: [...document.diagnostics, ...unknown.map((id) => unknownTask(id, text, path))],
  };
}

function answered(
  task: SourceTask,
  answer: DataRecord,
  context: { readonly ids: ReadonlySet<string>; readonly path: string },
): SourceTask {
  const why = `answered in ${context.path}`;
  const files =
    answer['files'] === undefined
      ? undefined
      : asList(answer['files']).flatMap((one) => cleanPath(asText(one), 'code') ?? []);
  const after =
    answer['after'] === undefined
      ? undefined
      : asList(answer['after'])
          .map(asText)
          .filter((id) => context.ids.has(id) && id !== task.id);
  const estimate = answer['estimate'] === undefined ? undefined : parseEstimate(asText(answer['estimate']));
  const agent = asText(answer['agent']);
  return {
    ...task,
    ...(files === undefined
      ? {}
      : { writes: files.map(({ path }) => ({ path, mode: 'unknown' as const, rung: 1 as const, why })) }),
    ...(files?.length === 0 ? { kind: 'verify' as const } : {}),
    ...(after === undefined
      ? {}
      : { dependencies: after.map((id) => ({ id, reason: 'field' as const, why })), isOrderKnown: true }),
    ...(estimate === undefined ? {} : { estimate }),
    ...(agent === '' ? {} : { agent }),
  };
}

function unknownTask(id: string, text: string, path: string): Diagnostic {
  const line = text.split('\n').findIndex((one) => one.includes(id)) + 1;
  return {
    severity: 'warning',
    code: 'TASK_ID_UNKNOWN',
    message: `"${id}" is answered, but no task is called so`,
    path,
    range: rangeAt(Math.max(1, line)),
  };
}
