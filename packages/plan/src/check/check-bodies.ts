import { rangeAt, type Diagnostic } from '#protocol';
import { renderTask } from '../render/plan-task.ts';
import { indexTeam } from '../render/team.ts';
import type { PlanReading } from './read-plan-file.ts';

/**
 * Lines of "Tasks" that the header contradicts: a task's line that reads otherwise, a task that only the body has, or
 * one that it lacks. What a person adds beside the known lines is theirs.
 */
export function checkBodies(plans: readonly PlanReading[]): readonly Diagnostic[] {
  const team = indexTeam(plans.map(({ header }) => header));
  return plans.flatMap((plan) => {
    const lines = plan.body.split('\n');
    const found = sectionsOf(lines);
    const problems: Diagnostic[] = [];
    const differ = (line: number, expected: string, actual: string): void => {
      problems.push({
        severity: 'error',
        code: 'PLAN_BODY_DIFFERS',
        message: 'the body says otherwise than the header',
        path: plan.path,
        range: rangeAt(plan.bodyLine + line, 1, Math.max(1, actual.length)),
        expected,
        actual,
        hint: 'correct one of them, or run squad-allocate again',
      });
    };
    for (const [index, task] of plan.header.tasks.entries()) {
      const [title = '', ...fields] = renderTask({ header: plan.header, team }, task, index + 1).split('\n');
      const section = found.get(task.id);
      if (section === undefined) differ(0, title, 'no such task');
      else for (const field of fields) compare(field, section, differ);
    }
    const known = new Set(plan.header.tasks.map(({ id }) => id));
    for (const [id, { line, text }] of found)
      if (!known.has(id)) differ(line, `a task of the header: ${[...known].join(', ')}`, text);
    return problems;
  });
}

interface BodyTask {
  readonly line: number;
  readonly text: string;
  readonly lines: readonly string[];
}

function compare(
  field: string,
  section: BodyTask,
  differ: (line: number, expected: string, actual: string) => void,
): void {
  const label = field.slice(0, field.indexOf(':') + 1);
  const index = section.lines.findIndex((line) => line.startsWith(label));
  const actual = section.lines[index];
  if (actual !== undefined && actual.trimEnd() !== field) differ(section.line + 1 + index, field, actual);
}

/** Tasks of a body by id: `### 2. T-03: title` and the lines below it. */
function sectionsOf(lines: readonly string[]): ReadonlyMap<string, BodyTask> {
  const sections = new Map<string, BodyTask>();
  for (const [line, text] of lines.entries()) {
    const id = /^### \d+\. (\S+?):(?: |$)/u.exec(text)?.[1];
    if (id === undefined) continue;
    const rest = lines.slice(line + 1);
    const end = rest.findIndex((each) => each.startsWith('#'));
    sections.set(id, { line, text, lines: end === -1 ? rest : rest.slice(0, end) });
  }
  return sections;
}
