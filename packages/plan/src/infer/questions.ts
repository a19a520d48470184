import type { SourceDocument, SourceTask } from '../model.ts';

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
