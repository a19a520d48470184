import { join, relative, resolve } from 'node:path';
import { EXIT, renderDiagnostic, SquadError } from '#protocol';
import { renderTaskGraphYaml } from '#tasks';
import type { Command } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { readGraph } from './task-graph.ts';

/** `squad-task import`. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Write the open tasks of a PRD, spec-kit, task-master … document as task-graph.yml',
  positionals: '<file or folder>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    to: {
      kind: 'value',
      value: 'PATH',
      summary: 'write here, never over a file (default: task-graph.yml at the root)',
    },
  },
  examples: ['squad-task import specs/001-login', 'squad-task import prd.md --to plans/login.yml'],
  async action(call) {
    const squad = openSquad(call.io);
    const { store, cwd } = call.io;
    const [source = ''] = call.positionals;
    const { graph, warnings } = await readGraph(call, squad, source);
    const to = call.value('to');
    const path = to === undefined ? join(squad.worktreeRoot, 'task-graph.yml') : resolve(cwd, to);
    const shown = relative(cwd, path);
    const text = renderTaskGraphYaml(graph.tasks);
    if (!store.createExclusive(path, text)) {
      throw new SquadError({
        code: 'USAGE',
        message: `${shown} is there already, and nothing is written over it`,
        hint: `remove it, or: squad-task import ${source} --to other.yml`,
      });
    }
    const hasPlans = store.list(join(squad.squadDir, 'parallel-plans')).length > 0;
    const look = `squad-task graph${to === undefined && !hasPlans ? '' : ` --from ${shown}`}`;
    const why = hasPlans ? '\nthe plans in .squad/parallel-plans come first where no --from is given' : '';
    const notice = warnings.map((warning) => renderDiagnostic(warning)).join('\n');
    return {
      exitCode: EXIT.done,
      json: { written: path, tasks: graph.tasks.map(({ id }) => id) },
      text: `${shown}: ${graph.tasks.length} open task${graph.tasks.length === 1 ? '' : 's'} of ${source}\nsee: ${look}${why}`,
      ...(notice === '' ? {} : { notice }),
    };
  },
};
