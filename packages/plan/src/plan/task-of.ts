import type { SourceTask } from '../model.ts';
import { nothingKnown } from '../read/task-draft.ts';

/** A task that no document states, with what is known of it. */
export function taskOf(known: Pick<SourceTask, 'id' | 'title' | 'range'> & Partial<SourceTask>): SourceTask {
  return { section: [], dependencies: [], isOrderKnown: true, detail: '', ...nothingKnown(), ...known };
}
