import { EXIT, printableLine, renderDiagnostic, renderDuration } from '#protocol';
import { readComms } from '#comms';
import {
  foldStandings,
  type Task,
  type TaskState,
  planWaves,
  renderMermaid,
  scheduleOptions,
  type ScheduleOptions,
  type TaskGraph,
} from '#tasks';
import type { Command } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { FROM_OPTION, readGraph } from './task-graph.ts';

/** `squad-task graph`. */
export const graphCommand: Command = {
  name: 'graph',
  summary: 'Show tasks, waves and the two ways to do them: in parallel or one after the other',
  options: {
    ...FROM_OPTION,
    mermaid: { kind: 'flag', summary: 'a Mermaid flow chart' },
    terminals: {
      kind: 'value',
      value: 'N',
      summary: 'how many agents at once in option A (default: one per agent, else 4)',
    },
  },
  examples: ['squad-task graph', 'squad-task graph --from task-graph.yml --mermaid'],
  async action(call) {
    const squad = openSquad(call.io);
    const { graph, warnings } = await readGraph(call, squad);
    const standings = foldStandings(graph, readComms(call.io.store, squad.squadDir).blocks);
    const stateOf = (id: string): TaskState | undefined => standings.get(id)?.state;
    const waves = planWaves(graph);
    const options = scheduleOptions(graph, { terminals: terminalsOf(call.value('terminals'), graph) });
    const notice = warnings.map((warning) => renderDiagnostic(warning)).join('\n');
    return {
      exitCode: EXIT.done,
      json: {
        tasks: graph.tasks.map((task) => ({
          ...task,
          dependsOn: graph.dependenciesOf(task.id),
          state: stateOf(task.id),
        })),
        edges: graph.edges,
        waves: waves.map((wave) => wave.map(({ id }) => id)),
        options: { a: scheduleJson(options.parallel), b: scheduleJson(options.sequential) },
      },
      text: call.flag('mermaid') ? renderMermaid(graph, stateOf) : renderGraph(graph, { options, stateOf }),
      ...(notice === '' ? {} : { notice }),
    };
  },
};

function terminalsOf(text: string | undefined, graph: TaskGraph): number {
  const asked = Number(text);
  if (text !== undefined && Number.isInteger(asked) && asked > 0) return Math.min(asked, 64);
  const agents = new Set(graph.tasks.flatMap(({ agent }) => agent ?? []));
  return agents.size > 0 ? agents.size : 4;
}

function scheduleJson(schedule: ScheduleOptions['parallel']): unknown {
  return {
    terminals: schedule.terminals,
    minutes: schedule.minutes,
    tasks: schedule.tasks.map(({ task, terminal, startMinute, endMinute }) => ({
      id: task.id,
      agent: task.agent ?? null,
      terminal,
      startMinute,
      endMinute,
    })),
  };
}

function renderGraph(
  graph: TaskGraph,
  { options, stateOf }: { options: ScheduleOptions; stateOf: (id: string) => TaskState | undefined },
): string {
  const lines = planWaves(graph).flatMap((wave, index) => [
    `Wave ${index + 1}`,
    ...wave.map(({ id, title, agent, checkpoint }) => {
      const after = graph.dependenciesOf(id);
      const notes = [
        stateOf(id),
        agent,
        after.length > 0 ? `after ${after.join(', ')}` : undefined,
        checkpoint ? 'checkpoint' : undefined,
      ].filter((note) => note !== undefined);
      return `  ${id}  ${printableLine(title, 70)}${notes.length > 0 ? `  (${notes.join('; ')})` : ''}`;
    }),
  ]);
  return [
    ...lines,
    '',
    ...renderOption('A: parallel', options.parallel),
    '',
    ...renderOption('B: sequential', options.sequential),
  ].join('\n');
}

function renderOption(name: string, schedule: ScheduleOptions['parallel']): string[] {
  const minutes = renderDuration(schedule.minutes * 60_000);
  const head = `Option ${name}, ${schedule.terminals} terminal${schedule.terminals === 1 ? '' : 's'}, about ${minutes}`;
  const terminals = Array.from({ length: schedule.terminals }, (_, index) => index + 1);
  return [head, ...terminals.flatMap((terminal) => renderTerminal(schedule, terminal))];
}

// What a person types in each terminal: agents with a plan work through it, others take what is next.
function renderTerminal(schedule: ScheduleOptions['parallel'], terminal: number): string[] {
  const own = schedule.tasks.filter((each) => each.terminal === terminal);
  const agents = new Map(own.map(({ task }) => [task.agent ?? `agent-${terminal}`, hasPlan(task)]));
  const steps = own.map(({ task, startMinute }) => `+${startMinute}m ${task.id}`).join(', ');
  return [
    `  Terminal ${terminal}: ${steps}`,
    ...[...agents].map(([agent, isPlanned]) => {
      const say = isPlanned
        ? `/start-parallel ${agent}`
        : 'Do what squad-task next --claim gives you, until it says finished';
      return `    AGENT_ID=${agent} claude "${say}"`;
    }),
  ];
}

function hasPlan(task: Task): boolean {
  return task.source.path.includes('parallel-plans/');
}
