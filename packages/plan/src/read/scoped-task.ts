import type { Reader } from './reader.ts';
import { bodyStart } from './front-matter-text.ts';
import { headingTasks } from './heading-task.ts';
import { readOutline } from './outline.ts';
import { featureOf } from './prd.ts';
import { asText } from './record-task.ts';
import { readSingleTask } from './single-task.ts';

const CREATE = /^\W*(?:CREATE|MODIFY)\b\W*(?:[:：]|$)/mu;
const BOUNDARY = /^\W*BOUNDAR(?:Y|IES)\b/mu;

/** `.claude/tasks/*.md`: one task with a scope of CREATE, MODIFY and BOUNDARY; or several under `## Task N` headings. */
export const scopedTaskReader: Reader = {
  format: 'claude-task',
  recognises: (input) => {
    if (CREATE.test(input.text) && BOUNDARY.test(input.text))
      return 'a scope with CREATE, MODIFY and BOUNDARY';
    return /(?:^|\/)\.claude\/tasks\/[^/]+\.md$/u.test(input.path) ? 'a file in .claude/tasks' : undefined;
  },
  read: (input) => {
    const base = { input, format: 'claude-task', formatWhy: '' };
    const outline = readOutline(input.text, bodyStart(input.text));
    const several = headingTasks(outline, /^task\s*#?\d+/iu);
    if (several.length > 1)
      return { ...base, feature: featureOf(outline, input.path), drafts: several, outline };
    const name = (input.path.split('/').at(-1) ?? input.path).replace(/\.md$/u, '');
    const { draft, header } = readSingleTask(input, {
      id: (data) => asText(data['id']) || /^[A-Za-z]+-?\d+/u.exec(name)?.[0] || name,
      title: (data, heading) => asText(data['title']) || asText(data['name']) || heading || name,
      skip: new Set(['id', 'title', 'name']),
    });
    draft.aliases.push(...numbersOf(name, draft.title));
    draft.title = draft.title.replace(NUMBERED, '');
    return {
      ...base,
      feature: draft.title,
      drafts: [draft],
      outline,
      diagnostics: header?.diagnostics ?? [],
    };
  },
};

const NUMBERED = /^task[\s#-]*(\d{1,6})\s*[:：.)—–-]+\s*(?=\S)/iu;

/** The numbers by which others mean a task: of `003-store.md` and of "Task 003: Store". */
function numbersOf(name: string, title: string): readonly string[] {
  const found = [/^(?:task[-_ ]?)?(\d{1,6})(?=\D|$)/iu.exec(name)?.[1], NUMBERED.exec(title)?.[1]];
  return [...new Set(found.filter((one) => one !== undefined))].flatMap((one) => [one, `task-${one}`]);
}
