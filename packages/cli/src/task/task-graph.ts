import { resolve } from 'node:path';
import { hasErrors, renderDiagnostic, SquadError, type Diagnostic } from '#protocol';
import { buildTaskGraph, loadTasks, type TaskGraph } from '#tasks';
import type { Call } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';
import { loadDocumentReader } from './planning-document.ts';

/** The option by which every task command can be told where the tasks stand. */
export const FROM_OPTION = {
  from: {
    kind: 'value',
    value: 'PATH',
    summary:
      'plan, task-graph.yml, task file or folder, PRD, spec-kit, task-master … (default: the plans, else task-graph.yml and .claude/tasks)',
  },
} as const;

/** A graph and what was remarked while reading it. */
export interface ReadGraph {
  readonly graph: TaskGraph;
  readonly warnings: readonly Diagnostic[];
}

/** The repository's task graph. `INPUT_INVALID` with every problem when it is unsound, `NO_PRD_FOUND` when there is none. */
export async function readGraph(call: Call, squad: Squad, source?: string): Promise<ReadGraph> {
  const from = source ?? call.value('from') ?? call.value('tasks');
  const { store, cwd } = call.io;
  const named = from === undefined ? undefined : resolve(cwd, from);
  if (named !== undefined && store.stat(named) === undefined)
    throw new SquadError({
      code: 'FILE_UNREADABLE',
      message: `there is no ${named}`,
      hint: 'see: squad-task graph --help',
    });
  const sources = { store, squadDir: squad.squadDir, root: squad.worktreeRoot };
  const reading = loadTasks(
    named === undefined ? sources : { ...sources, named, readDocument: await loadDocumentReader(store) },
  );
  const { graph, diagnostics } = buildTaskGraph(reading.tasks);
  const all = [...reading.diagnostics, ...diagnostics];
  if (hasErrors(all)) {
    throw new SquadError({
      code: 'INPUT_INVALID',
      message: `the task graph is not sound\n${all.map((each) => renderDiagnostic(each)).join('\n')}`,
      hint: 'correct the documents named above, then run: squad-task graph',
      data: all,
    });
  }
  if (graph.tasks.length > 0) return { graph, warnings: all };
  throw new SquadError({
    code: 'NO_TASKS_FOUND',
    message: `there are no tasks${from === undefined ? ': no plans, no task-graph.yml, no .claude/tasks' : ` in ${from}`}`,
    hint: 'run: squad-allocate <prd.md>, or write .claude/tasks/TASK-01.md',
  });
}
