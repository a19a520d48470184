import type { SourceTask } from '../model.ts';

/** A task that no document states, with what is known of it. */
export function taskOf(known: Pick<SourceTask, 'id' | 'title' | 'range'> & Partial<SourceTask>): SourceTask {
  return {
    section: [],
    writes: [],
    reads: [],
    forbidden: [],
    dependencies: [],
    isOrderKnown: true,
    conflictsWith: [],
    parallel: undefined,
    estimate: undefined,
    priority: undefined,
    agent: undefined,
    skills: [],
    status: 'todo',
    kind: 'task',
    optional: false,
    acceptance: [],
    detail: '',
    ...known,
  };
}
