import { readConfig } from '#config';
import { nearest, SquadError } from '#protocol';
import { agentGraph, findClient, openRunHome, readPromptTemplate, type RunOptions } from '#runner';
import type { Task, TaskGraph } from '#tasks';
import type { Call, OptionSpec } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';
import { FROM_OPTION, readGraph } from '../task/task-graph.ts';
import { withCommands } from './agent-path.ts';
import { readAmount, readCount, readSettings, SETTING_OPTIONS } from './settings.ts';

/** Options of every command that runs agents over tasks. */
export const RUN_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  ...SETTING_OPTIONS,
  ...FROM_OPTION,
  with: {
    kind: 'value',
    value: 'CLIENT',
    summary: "claude, codex, gemini, opencode, or 'my-agent {prompt}'",
  },
  plans: { kind: 'flag', summary: 'one process per task of the plans (the default where there are plans)' },
  agents: { kind: 'list', value: 'IDS', summary: 'one process per agent, each with its whole plan' },
  tasks: { kind: 'value', value: 'PATH', summary: 'one process per task of this folder or file' },
  run: { kind: 'value', value: 'ID', summary: 'go on with this run: what is done stays done' },
  'retry-failed': { kind: 'flag', summary: 'with --run: failed tasks as well' },
  skip: { kind: 'list', value: 'IDS', summary: 'leave these out; they count as done' },
  wave: { kind: 'value', value: 'N', summary: 'only this wave' },
  validate: {
    kind: 'value',
    value: 'COMMAND',
    summary: 'after each wave, in its merged work; failure stops the run',
  },
  'in-place': {
    kind: 'flag',
    summary: 'all in this tree, each in its own folders (the guard enforces them); nothing is committed',
  },
  sequential: { kind: 'flag', summary: 'one after the other, each branch cut from the one before' },
  permissions: { kind: 'value', value: 'LEVEL', summary: 'read, edit (default) or full' },
  allow: { kind: 'list', value: 'TOOLS', summary: "tools allowed beyond that, as 'Bash(npm test *)'" },
  'task-budget-usd': { kind: 'value', value: 'USD', summary: 'for each task' },
  'max-turns': { kind: 'value', value: 'N', summary: 'for each task, where the client knows turns' },
  model: { kind: 'value', value: 'NAME', summary: 'as the client names it' },
};

/** The tasks that the options choose: per agent with `--agents`, else per task. Unknown ids are `TASK_UNKNOWN`. */
export async function selectGraph(call: Call, squad: Squad): Promise<TaskGraph> {
  const { graph } = await readGraph(call, squad);
  const agents = words(call, 'agents');
  for (const id of words(call, 'skip')) requireTask(graph, id);
  if (agents.length === 0) return graph;
  const known = [...new Set(graph.tasks.flatMap(({ agent }) => agent ?? []))];
  for (const agent of agents) {
    if (known.includes(agent)) continue;
    const near = nearest(agent, known);
    throw new SquadError({
      code: 'AGENT_UNKNOWN',
      message: `no plan is for an agent "${agent}"`,
      hint: near === undefined ? `there are: ${known.join(', ')}` : `did you mean ${near}?`,
    });
  }
  return agentGraph(graph, agents);
}

/** The options as `runPlans` takes them. */
export async function readRunOptions(call: Call, graph: TaskGraph, template?: string): Promise<RunOptions> {
  const { cwd, env, store, clock, newId } = call.io;
  const ports = { store, clock, newId };
  const settings = readSettings(call);
  const { home } = await openRunHome({ cwd, env, ports });
  const { task: needs } = await readConfig(store, home.squadDir);
  const perTaskUsd = readAmount(call, 'task-budget-usd');
  const isPerAgent = words(call, 'agents').length > 0;
  return {
    cwd,
    env: withCommands(store, home.squadDir, env),
    ports,
    graph,
    with: clientName(call),
    template: readPromptTemplate(store, home.squadDir, template ?? (isPerAgent ? 'agent' : 'task')),
    ...settings,
    ...(settings.budget.totalUsd !== undefined && { totalUsd: settings.budget.totalUsd }),
    gates: needs.gates,
    ...(perTaskUsd !== undefined && { perTaskUsd }),
    maxConcurrent: call.flag('sequential') ? 1 : settings.maxConcurrent,
    retryFailed: call.flag('retry-failed'),
    skip: words(call, 'skip'),
    inPlace: call.flag('in-place'),
    permissions: permissionsOf(call),
    ...valueOf(call, 'run', 'runId'),
    ...valueOf(call, 'validate', 'validate'),
    ...valueOf(call, 'model', 'model'),
    ...(call.value('wave') !== undefined && {
      wave: readCount(call, 'wave', { fallback: 1, min: 1, max: 10_000 }),
    }),
    ...(call.value('max-turns') !== undefined && {
      maxTurns: readCount(call, 'max-turns', { fallback: 1, min: 1, max: 10_000 }),
    }),
  };
}

/** The client's name; `USAGE` without one, or when it is neither known nor a command. */
export function clientName(call: Call, option = 'with'): string {
  const name = call.value(option);
  if (name === undefined) {
    throw new SquadError({
      code: 'USAGE',
      message: `squad-run needs --${option}: the agent to run`,
      hint: `--${option} claude, codex, gemini, opencode, or --${option} 'my-agent {prompt}'`,
    });
  }
  findClient(name);
  return name;
}

/** Words of a list option, with commas between or given several times. */
export function words(call: Call, name: string): readonly string[] {
  return call
    .list(name)
    .flatMap((text) => text.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** The task of that id, else `TASK_UNKNOWN` with a suggestion. */
export function requireTask(graph: TaskGraph, id: string): Task {
  const task = graph.find(id);
  if (task !== undefined) return task;
  const ids = graph.tasks.map((each) => each.id);
  const near = nearest(id, ids);
  throw new SquadError({
    code: 'TASK_UNKNOWN',
    message: `there is no task "${id}"`,
    hint: near === undefined ? `there are: ${ids.slice(0, 20).join(', ')}` : `did you mean ${near}?`,
    data: { ids },
  });
}

/** What the agents may do. */
export function permissionsOf(call: Call): { level: 'read' | 'edit' | 'full'; tools: readonly string[] } {
  const level = call.value('permissions') ?? 'edit';
  const tools = call.list('allow');
  if (level === 'read' || level === 'edit' || level === 'full') return { level, tools };
  throw new SquadError({ code: 'USAGE', message: `--permissions is read, edit or full, not "${level}"` });
}

function valueOf<K extends string>(call: Call, option: string, key: K): { [P in K]?: string } {
  const value = call.value(option);
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}

const {
  agents: _agents,
  plans: _plans,
  skip: _skip,
  wave: _wave,
  validate: _validate,
  'in-place': _inPlace,
  ...oneTask
} = RUN_OPTIONS;

/** {@link RUN_OPTIONS} without what only makes sense for several tasks. */
export const ONE_TASK_OPTIONS: Readonly<Record<string, OptionSpec>> = oneTask;
