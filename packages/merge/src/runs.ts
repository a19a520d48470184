import { join } from 'node:path';
import { SquadError } from '#protocol';
import type { Store } from '#store';
import { mergeRunSchema, type MergeRun } from './run-record.ts';

/** The folder of a run's record, logs and reports. */
export function runFolder(squadDir: string, id: string): string {
  return join(squadDir, 'merge', id);
}

/** Replaces a run's record in one step. */
export function writeRun(store: Store, squadDir: string, run: MergeRun): MergeRun {
  store.writeAtomic(join(runFolder(squadDir, run.id), 'run.json'), `${JSON.stringify(run, undefined, 2)}\n`);
  return run;
}

/** Every run, oldest first. An unreadable one is `INPUT_INVALID`. */
export function readRuns(store: Store, squadDir: string): readonly MergeRun[] {
  return store.list(join(squadDir, 'merge')).flatMap((id) => {
    const path = join(runFolder(squadDir, id), 'run.json');
    const text = store.readText(path);
    if (text === undefined) return [];
    const decoded = mergeRunSchema.decode(parseJson(text));
    if (decoded.ok) return [decoded.value];
    const problems = decoded.error.map(
      ({ at, expected, actual }) => `  ${at}: expected ${expected}, found ${actual}`,
    );
    throw new SquadError({
      code: 'INPUT_INVALID',
      message: `${path} is no record of a merge run\n${problems.join('\n')}`,
      hint: 'correct the file, or move its folder away: no branch depends on it',
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 80);
  }
}
