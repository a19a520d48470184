import { parseFrontMatter } from '#markdown';
import { err, ok, planHeaderSchema, rangeAt, type Diagnostic, type PlanHeader, type Result } from '#protocol';
import type { PlanFile } from '../render/plan-files.ts';

/** A plan as found on disk. */
export interface PlanReading {
  readonly path: string;
  readonly text: string;
  readonly header: PlanHeader;
  readonly body: string;
  readonly bodyLine: number;
}

/** Reads a plan file: its header decoded, every misfit a diagnostic at its line. */
export function readPlanFile({ path, text }: PlanFile): Result<PlanReading, readonly Diagnostic[]> {
  const parsed = parseFrontMatter(text, path);
  if (!parsed.ok) return parsed;
  const { data, body, bodyLine } = parsed.value;
  const version = data?.['version'];
  if (typeof version === 'number' && version > 1) {
    return err([
      {
        severity: 'error',
        code: 'FORMAT_VERSION_UNSUPPORTED',
        message: `the plan was written by a newer version (${version})`,
        path,
        range: rangeAt(lineOfField(text, 'version')),
        expected: 'version: 1',
      },
    ]);
  }
  const decoded = planHeaderSchema.decode(data ?? {});
  if (decoded.ok) return ok({ path, text, header: decoded.value, body, bodyLine });
  return err(
    decoded.error.map(({ at, expected, actual }) => ({
      severity: 'error',
      code: 'FIELD_INVALID',
      message: `the plan's ${at} cannot be read`,
      path,
      range: rangeAt(lineOfField(text, at)),
      expected,
      actual,
    })),
  );
}

/** Line of `tasks[2].estimate_minutes`, as near as a search by names comes. */
function lineOfField(text: string, at: string): number {
  const lines = text.split('\n');
  const task = /^tasks\[(\d+)\]/u.exec(at)?.[1];
  const field = /(\w+)(?:\[\d+\])?$/u.exec(at)?.[1] ?? '';
  let from = 0;
  if (task !== undefined) {
    const starts = lines.flatMap((line, index) => (/^\s*- id:/u.test(line) ? [index] : []));
    from = starts[Number(task)] ?? 0;
  }
  const found = lines.findIndex((line, index) => index >= from && line.includes(`${field}:`));
  return Math.max(from, found) + 1;
}

/** Where a plan's header speaks of a task, or of a path of it. */
export function placeInPlan(text: string, taskId: string, word?: string): NonNullable<Diagnostic['range']> {
  const lines = text.split('\n');
  const id = lines.findIndex(
    (line) =>
      /^\s*- id:/u.test(line) && line.replace(/^\s*- id:\s*/u, '').replace(/^['"]|['"]$/gu, '') === taskId,
  );
  const start = Math.max(0, id);
  if (word !== undefined) {
    for (const [offset, line] of lines.slice(start).entries()) {
      if (offset > 0 && /^\s*- id:/u.test(line)) break;
      const column = line.indexOf(word);
      if (column !== -1) return rangeAt(start + offset + 1, column + 1, word.length);
    }
  }
  const line = lines[start] ?? '';
  return rangeAt(start + 1, Math.max(1, line.indexOf(taskId) + 1), taskId.length);
}
