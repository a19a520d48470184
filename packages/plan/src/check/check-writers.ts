import type { Diagnostic, OwnershipRule } from '#protocol';
import { indexTeam, writtenBy, type TeamTask } from '../render/team.ts';
import { isPattern, pathsOverlap } from '../work/path-overlap.ts';
import { placeInPlan, type PlanReading } from './read-plan-file.ts';

interface Matrix {
  readonly ruleFor: ((path: string) => OwnershipRule) | undefined;
}

/** Paths that the matrix gives to another than the planned writer, and paths that two agents write without turns. */
export function checkWriters(matrix: Matrix, plans: readonly PlanReading[]): readonly Diagnostic[] {
  const textOf = new Map(plans.map(({ header, path, text }) => [header.agent, { path, text }]));
  const problems: Diagnostic[] = [];
  const report = (task: TeamTask, file: string, message: string): void => {
    const plan = textOf.get(task.agent);
    if (plan === undefined) return;
    problems.push({
      severity: 'error',
      code: 'FILE_TWO_WRITERS',
      message,
      path: plan.path,
      range: placeInPlan(plan.text, task.id, file),
    });
  };
  const { byId } = indexTeam(plans.map(({ header }) => header));
  const roles = new Map(plans.map(({ header }) => [header.agent, header.role]));
  for (const task of byId.values()) {
    for (const file of writtenBy(task)) {
      const rule = matrix.ruleFor?.(plain(file));
      if (rule === undefined) continue;
      if (rule.access === 'READ-ONLY') report(task, file, `${task.id} writes ${file}, which is READ-ONLY`);
      const isOwn = rule.owner === task.agent || rule.owner === roles.get(task.agent);
      if (rule.access === 'EXCLUSIVE' && !isOwn)
        report(task, file, `${task.id} of ${task.agent} writes ${file}, which belongs to ${rule.owner}`);
    }
  }
  for (const [one, other, file] of clashes([...byId.values()])) {
    const rules = matrix.ruleFor === undefined ? [] : [matrix.ruleFor(plain(file))];
    const inTurns = rules.some(({ access }) => access === 'SEQUENTIAL' || access === 'PARTITIONED');
    if (inTurns && !isTogether(one, other)) continue;
    if (rules.some(({ access }) => access === 'PARTITIONED')) continue;
    const when = inTurns ? ', both at one time' : '';
    report(
      other,
      file,
      `${file} is written by ${one.id} of ${one.agent} and by ${other.id} of ${other.agent}${when}`,
    );
  }
  return problems;
}

/** Pairs of tasks of different agents that can write one file; a folder is not compared with paths below it that have their own row. */
function clashes(tasks: readonly TeamTask[]): readonly (readonly [TeamTask, TeamTask, string])[] {
  const writers = new Map<string, TeamTask[]>();
  for (const task of tasks) {
    for (const file of writtenBy(task)) {
      const row = writers.get(plain(file));
      if (row === undefined) writers.set(plain(file), [task]);
      else row.push(task);
    }
  }
  const found: (readonly [TeamTask, TeamTask, string])[] = [];
  for (const [file, row] of writers) {
    for (const [index, one] of row.entries()) {
      const other = row.slice(index + 1).find(({ agent }) => agent !== one.agent);
      if (other !== undefined) found.push([one, other, file]);
    }
  }
  const patterns = [...writers].filter(([file]) => isPattern(file) && !file.endsWith('/'));
  for (const [pattern, row] of patterns) {
    for (const [file, others] of writers) {
      if (file === pattern || (isPattern(file) && file < pattern) || !pathsOverlap(pattern, file)) continue;
      const [one] = row;
      const other = others.find(({ agent }) => agent !== one?.agent);
      if (one !== undefined && other !== undefined) found.push([one, other, file]);
    }
  }
  return found;
}

function isTogether(one: TeamTask, other: TeamTask): boolean {
  return (
    one.start_minute < other.start_minute + other.estimate_minutes &&
    other.start_minute < one.start_minute + one.estimate_minutes
  );
}

function plain(path: string): string {
  return path.replace(/^\.?\/+/u, '');
}
