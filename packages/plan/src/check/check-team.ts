import { parseRepoPath, rangeAt, type Diagnostic, type OwnershipRule } from '#protocol';
import type { SourceTask } from '../model.ts';
import type { PlanFile } from '../render/plan-files.ts';
import { writtenBy } from '../render/team.ts';
import { checkBodies } from './check-bodies.ts';
import { checkOrder } from './check-order.ts';
import { checkWriters } from './check-writers.ts';
import { placeInPlan, readPlanFile, type PlanReading } from './read-plan-file.ts';

/** Plans and what they must agree with. */
export interface TeamCheck {
  readonly plans: readonly PlanFile[];
  /** The rule of the matrix for a path, `undefined` when there is no matrix. */
  readonly ruleFor: ((path: string) => OwnershipRule) | undefined;
  readonly matrix: { readonly paths: Readonly<Record<string, OwnershipRule>> };
  readonly matrixPath: string;
  readonly matrixText: string;
  /** Whether a repo-relative path is there. */
  readonly exists: (path: string) => boolean;
  /** Tasks of the document that are to be done. */
  readonly documentTasks: readonly Pick<SourceTask, 'id' | 'title' | 'range'>[];
  readonly documentPath: string;
  /** Tasks that are done: what they wrote is no longer planned. */
  readonly finished: ReadonlySet<string>;
}

/**
 * Everything that is wrong with plans as they stand on disk, whoever wrote them: two writers for one path, unknown,
 * doubled or missing tasks, cycles, starts before a dependency ends, files that do not exist, owners that are nobody,
 * and bodies that disagree with their headers.
 */
export function checkTeam(check: TeamCheck): readonly Diagnostic[] {
  const readings = check.plans.map((file) => readPlanFile(file));
  const unread = readings.flatMap((reading) => (reading.ok ? [] : reading.error));
  const plans = readings.flatMap((reading) => (reading.ok ? [reading.value] : []));
  const open = plans.map((plan) => withoutFinished(plan, check.finished));
  return [
    ...unread,
    ...checkIds(plans),
    ...(unread.length > 0 ? [] : checkCoverage(check, plans)),
    ...checkOrder(plans),
    ...checkPaths(plans),
    ...checkMissing(check, { plans, open }),
    ...checkWriters(check, open),
    ...checkOwners(check, plans),
    ...checkBodies(plans),
  ];
}

function withoutFinished(plan: PlanReading, finished: ReadonlySet<string>): PlanReading {
  const tasks = plan.header.tasks.filter(({ id }) => !finished.has(id));
  return { ...plan, header: { ...plan.header, tasks } };
}

function checkIds(plans: readonly PlanReading[]): readonly Diagnostic[] {
  const seen = new Map<string, string>();
  const problems: Diagnostic[] = [];
  for (const { path, text, header } of plans) {
    for (const { id } of header.tasks) {
      const other = seen.get(id);
      seen.set(id, header.agent);
      if (other === undefined) continue;
      problems.push({
        severity: 'error',
        code: 'TASK_ID_DUPLICATE',
        message: `${id} is planned twice: for ${other} and for ${header.agent}`,
        path,
        range: placeInPlan(text, id),
      });
    }
  }
  for (const { path, text, header } of plans) {
    for (const task of header.tasks) {
      for (const id of task.depends_on) {
        if (seen.has(id)) continue;
        problems.push({
          severity: 'error',
          code: 'TASK_ID_UNKNOWN',
          message: `${task.id} depends on ${id}, which no plan has`,
          path,
          range: placeInPlan(text, task.id, id),
        });
      }
    }
  }
  return problems;
}

/** Tasks of the document that no plan has. */
function checkCoverage(check: TeamCheck, plans: readonly PlanReading[]): readonly Diagnostic[] {
  const planned = new Set(plans.flatMap(({ header }) => header.tasks.map(({ id }) => id)));
  return check.documentTasks
    .filter(({ id }) => !planned.has(id))
    .map(({ id, title, range }) => ({
      severity: 'error',
      code: 'TASK_UNOWNED',
      message: `no plan has ${id} (${title})`,
      path: check.documentPath,
      range,
      hint: 'run squad-allocate again, or add the task to a plan',
    }));
}

function checkPaths(plans: readonly PlanReading[]): readonly Diagnostic[] {
  return plans.flatMap(({ path, text, header }) =>
    header.tasks.flatMap((task) =>
      [...writtenBy(task), ...task.files.read].flatMap((file): readonly Diagnostic[] => {
        const parsed = parseRepoPath(file);
        if (parsed.ok) return [];
        return [
          {
            severity: 'error',
            code: 'PATH_INVALID',
            message: parsed.error,
            path,
            range: placeInPlan(text, task.id, file),
          },
        ];
      }),
    ),
  );
}

/** Files that an open task changes or reads, that are not there and that no task, done or not, creates. */
function checkMissing(
  { exists }: TeamCheck,
  { plans, open }: { readonly plans: readonly PlanReading[]; readonly open: readonly PlanReading[] },
): readonly Diagnostic[] {
  const created = new Set(
    plans.flatMap(({ header }) => header.tasks.flatMap(({ files }) => files.create.map(plain))),
  );
  const isFolder = (path: string): boolean => path.endsWith('/') || /[*?{]/u.test(path);
  return open.flatMap(({ path, text, header }) =>
    header.tasks.flatMap(({ id, files }) =>
      (['modify', 'read'] as const).flatMap((kind) =>
        files[kind]
          .filter(
            (file) =>
              !isFolder(file) &&
              !exists(plain(file)) &&
              !created.has(plain(file)) &&
              !isUnder(plain(file), created),
          )
          .map((file): Diagnostic => ({
            severity: kind === 'modify' ? 'error' : 'warning',
            code: 'FILE_MISSING',
            message: `${id} ${kind === 'modify' ? 'changes' : 'reads'} ${file}, which does not exist and which no task creates`,
            path,
            range: placeInPlan(text, id, file),
            hint: kind === 'modify' ? 'list it under create, or correct the path' : 'correct the path',
          })),
      ),
    ),
  );
}

function plain(path: string): string {
  return path.replace(/^\.?\/+/u, '');
}

function isUnder(path: string, folders: ReadonlySet<string>): boolean {
  return [...folders].some((folder) => folder.endsWith('/') && path.startsWith(folder));
}

function checkOwners(check: TeamCheck, plans: readonly PlanReading[]): readonly Diagnostic[] {
  const known = new Set(plans.flatMap(({ header }) => [header.agent, header.role]));
  return Object.entries(check.matrix.paths).flatMap(([pattern, { owner, order = [] }]) =>
    [owner, ...order]
      .filter((name) => name !== 'NONE' && !known.has(name))
      .map((name): Diagnostic => ({
        severity: 'error',
        code: 'AGENT_UNKNOWN',
        message: `${pattern} names ${name}, which no plan is for`,
        path: check.matrixPath,
        range: placeOfOwner(check.matrixText, pattern, name),
        ...(known.size === 0 ? {} : { expected: [...known].join(' | ') }),
      })),
  );
}

/** Where the row of a pattern names an owner. */
function placeOfOwner(text: string, pattern: string, name: string): NonNullable<Diagnostic['range']> {
  const lines = text.split('\n');
  const row = Math.max(
    0,
    lines.findIndex((line) => line.includes(pattern.replace(/^\//u, '')) && /^\s*\S.*:/u.test(line)),
  );
  for (let line = row; line < Math.min(lines.length, row + 12); line += 1) {
    const column = (lines[line] ?? '').indexOf(name);
    if (column !== -1) return rangeAt(line + 1, column + 1, name.length);
  }
  return rangeAt(row + 1);
}
