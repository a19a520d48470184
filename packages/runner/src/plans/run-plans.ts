import { join } from 'node:path';
import { readComms } from '#comms';
import { resolveCommit, runGit } from '#git';
import { hasErrors, renderDiagnostic, renderInstant, SquadError } from '#protocol';
import { buildTaskGraph, foldStandings, isFinishedState, loadTasks, type Task, type TaskGraph } from '#tasks';
import { DEFAULT_BACKOFF } from '../attempts.ts';
import type { Client } from '../client/client.ts';
import { findClient } from '../client/find-client.ts';
import { createCommandClient } from '../client/command-client.ts';
import { defaultConcurrency } from '../concurrency.ts';
import { createRunBook, openRunBook, type RunBook } from '../record/run-book.ts';
import { asOnlyRunner } from '../record/run-lease.ts';
import { writeRunner } from '../record/runner-process.ts';
import { requireKeepable } from '../price.ts';
import { runAgent } from '../run-agent.ts';
import { createBranchWorkspaces } from './branch-workspaces.ts';
import { contractBreaches, contractOwner, listContracts } from './contracts.ts';
import { startIntegration } from './integrate-branch.ts';
import { readPromptTemplate } from './prompt-template.ts';
import { renderPrompt } from './render-prompt.ts';
import { openRunHome, type RunHome } from './run-home.ts';
import type { RunOptions } from './run-options.ts';
import type { TaskPorts } from './run-task.ts';
import { runTasks, type TasksPlan, type TasksReport } from './run-tasks.ts';
import { createSharedTree } from './shared-tree.ts';
import { taskFacts } from './task-facts.ts';
import { sayEnded, sayStarted } from './task-talk.ts';
import type { Workspaces } from './workspace.ts';

/** A finished run and where its work is. */
export interface PlansReport extends TasksReport {
  /** Branch that holds the finished tasks' work, merged; absent for work in the shared tree. */
  readonly integration?: string;
}

/**
 * Runs agents over a task graph, each task in its own worktree and branch, and joins what they finish in a branch of
 * the run. The person's checkout and branch are not touched; no work of an agent is ever removed. Going on with a run
 * (`runId`) never does finished work again.
 */
export async function runPlans(options: RunOptions): Promise<PlansReport> {
  const home = await openRunHome(options);
  const graph = options.graph ?? readGraph(home);
  const book = await openBook(home, graph, options);
  return asOnlyRunner(home.keeper({ waitMs: 0 }), book.run.id, async () => {
    writeRunner(home.store, book);
    const { plan, ports } = prepareRun(home, { options, graph, book });
    const report = await runTasks(plan, ports);
    await ports.workspaces.close();
    return { ...report, ...(book.run.integration && { integration: book.run.integration }) };
  });
}

/** Makes the record of a new run, and the branch that collects its work; `runId` opens an earlier one instead. */
export async function openBook(home: RunHome, graph: TaskGraph, options: RunOptions): Promise<RunBook> {
  const { store, clock, newId } = home;
  const { squadDir, worktreeRoot, isGit } = home.home;
  for (const client of new Set(graph.tasks.map(clientOf(options.with))))
    requireKeepable(client, options, home.prices);
  if (options.runId !== undefined) {
    const found = openRunBook(store, squadDir, options.runId);
    if (found !== undefined && found.run.kind !== 'fanout') return found;
    throw new SquadError({
      code: 'RUN_UNKNOWN',
      message: `there is no run "${options.runId}"`,
      hint: 'see: squad-run status',
    });
  }
  const id = newId();
  const base = isGit ? await resolveCommit(worktreeRoot, 'HEAD') : undefined;
  const isInPlace = options.inPlace === true;
  if (!isInPlace && base === undefined) {
    throw new SquadError({
      code: 'NO_REPOSITORY',
      message: isGit
        ? 'this repository has no commit to cut worktrees from'
        : `${options.cwd} is not in a git repository`,
      hint: isGit
        ? 'run: git commit --allow-empty --message "Start"'
        : 'run: git init, or work in one tree: --in-place',
    });
  }
  const head = isGit
    ? await runGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], { cwd: worktreeRoot })
    : undefined;
  const target = head?.stdout.trim() ?? '';
  const integration = `${home.worktree.branchPrefix}run-${runMark(id)}`;
  if (!isInPlace && base !== undefined) await startIntegration(worktreeRoot, integration, base);
  return createRunBook(store, squadDir, {
    version: 1,
    id,
    kind: options.isolated === true ? 'race' : 'tasks',
    createdAt: renderInstant(clock.wallMs(), 'milliseconds'),
    command: typeof options.with === 'string' ? options.with : 'custom client',
    cwd: options.cwd,
    ...(base && { base }),
    ...(target !== '' && { target }),
    ...(!isInPlace && { integration }),
    items: graph.tasks.map((task) => task.id),
  });
}

/** The part of a run's id that its branches and folders bear. */
export function runMark(id: string): string {
  return id.slice(-7).toLowerCase();
}

/** Where a run's tasks are worked on. */
function openWorkspaces(home: RunHome, { options: { env, baseOf }, graph, book }: Parts): Workspaces {
  const { store, clock, newId, worktree: settings } = home;
  const { integration, base = '', target } = book.run;
  if (integration === undefined) return createSharedTree(home.home.worktreeRoot);
  const world = { store, clock, newId, home: home.home, settings };
  return createBranchWorkspaces({
    world,
    runMark: runMark(book.run.id),
    integration,
    target: { commit: base, ...(target && { ref: target }) },
    dependenciesOf: (id) => graph.dependenciesOf(id),
    env: env ?? process.env,
    ...(baseOf && { baseOf }),
  });
}

/** A run with everything it needs, not started. */
export function prepareRun(home: RunHome, parts: Parts): { plan: TasksPlan; ports: TaskPorts } {
  const { options } = parts;
  const places = openWorkspaces(home, parts);
  const workspaces = options.isolated === true ? withoutJoining(places) : places;
  return { plan: planOf(home, parts), ports: portsOf(home, { ...parts, workspaces }) };
}

// The work of each task is compared, not added up.
function withoutJoining(places: Workspaces): Workspaces {
  return { ...places, integrate: () => Promise.resolve({ kind: 'merged', commit: '' }) };
}

/** A run, its graph and what was asked for. */
export interface Parts {
  readonly options: RunOptions;
  readonly graph: TaskGraph;
  readonly book: RunBook;
}

function planOf(home: RunHome, { options, graph, book }: Parts): TasksPlan {
  const { squadDir, worktreeRoot } = home.home;
  const template = options.template ?? readPromptTemplate(home.store, squadDir, 'task');
  const contracts = listContracts(home.store, worktreeRoot);
  const client = clientOf(options.with);
  const permissions = options.permissions ?? { level: 'edit', tools: [] };
  return {
    book,
    graph,
    finished: finishedBefore(home, graph, options),
    maxConcurrent: options.maxConcurrent ?? defaultConcurrency(),
    retryFailed: options.retryFailed === true,
    client,
    prompt: (task, workspace) => renderPrompt(template, taskFacts(task, workspace, { graph, contracts })),
    permissions: typeof permissions === 'function' ? permissions : () => permissions,
    timeoutMs: options.timeoutMs ?? 30 * 60_000,
    graceMs: options.graceMs ?? 10_000,
    retries: options.retries ?? 2,
    env: options.env ?? process.env,
    squadDir,
    prices: home.prices,
    signal: options.signal ?? new AbortController().signal,
    ...(options.isolated === true && { overlap: () => false }),
    ...(options.hardSignal && { hardSignal: options.hardSignal }),
    ...(options.totalUsd !== undefined && { totalUsd: options.totalUsd }),
    ...(options.perTaskUsd !== undefined && { perTaskUsd: options.perTaskUsd }),
    ...(options.gates !== undefined && { gates: options.gates }),
    ...(options.validate && { validate: options.validate }),
    ...(options.wave !== undefined && { wave: options.wave }),
    ...(options.model && { model: options.model }),
    ...(options.maxTurns !== undefined && { maxTurns: options.maxTurns }),
  };
}

function portsOf(home: RunHome, parts: Parts & { readonly workspaces: Workspaces }): TaskPorts {
  const { options, graph, workspaces } = parts;
  const { store, clock, random, journal } = home;
  const { squadDir, worktreeRoot } = home.home;
  const talk = { store, squadDir, clock, journal };
  const { tasks } = graph;
  return {
    store,
    clock,
    random,
    backoff: options.backoff ?? DEFAULT_BACKOFF,
    workspaces,
    leases: home.keeper({ waitMs: 0, ...(options.signal && { signal: options.signal }) }),
    runCommand: (command, cwd, name) => runCommand(home, options, { command, cwd, name }),
    review: ({ agent, settlement }) =>
      Promise.resolve(
        contractBreaches({
          agent,
          changed: settlement?.changed ?? [],
          ownerOf: (path) => contractOwner(store, worktreeRoot, { path, tasks, agent }),
          blocks: readComms(store, squadDir).blocks,
        }),
      ),
    ...(options.silent !== true && {
      onStart: (news) => sayStarted(talk, news),
      onEnd: (news) => sayEnded(talk, news),
    }),
    ...(options.onChange && { onChange: options.onChange }),
    ...(options.onEvent && { onEvent: options.onEvent }),
  };
}

function runCommand(
  { store, clock, home }: RunHome,
  options: RunOptions,
  { command, cwd, name }: { command: string; cwd: string; name: string },
): ReturnType<TaskPorts['runCommand']> {
  return runAgent(
    {
      client: {
        ...createCommandClient('{prompt}'),
        commandLine: () => ({ file: '/bin/sh', args: ['-c', command] }),
      },
      request: { prompt: '', agent: name, cwd, permissions: { level: 'full', tools: [] } },
      env: options.env ?? process.env,
      logPath: join(home.squadDir, 'logs', `${name}.log`),
      timeoutMs: options.timeoutMs ?? 30 * 60_000,
      graceMs: options.graceMs ?? 10_000,
      ...(options.signal && { signal: options.signal }),
    },
    { store, clock },
  );
}

function clientOf(wish: RunOptions['with']): (task: Task) => Client {
  if (typeof wish === 'function') return wish;
  const client = typeof wish === 'string' ? findClient(wish) : wish;
  return () => client;
}

function finishedBefore(
  { store, home }: RunHome,
  graph: TaskGraph,
  options: RunOptions,
): ReadonlySet<string> {
  const standings = foldStandings(graph, readComms(store, home.squadDir).blocks);
  const finished = [...standings.values()]
    .filter(({ state }) => isFinishedState(state))
    .map(({ task }) => task.id);
  return new Set([...finished, ...(options.skip ?? [])]);
}

function readGraph({ store, home }: RunHome): TaskGraph {
  const reading = loadTasks({ store, squadDir: home.squadDir, root: home.worktreeRoot });
  const { graph, diagnostics } = buildTaskGraph(reading.tasks);
  const all = [...reading.diagnostics, ...diagnostics];
  if (hasErrors(all)) {
    throw new SquadError({
      code: 'INPUT_INVALID',
      message: all.map((each) => renderDiagnostic(each)).join('\n'),
      hint: 'run: squad-task graph',
      data: all,
    });
  }
  if (graph.tasks.length > 0) return graph;
  throw new SquadError({
    code: 'NO_TASKS_FOUND',
    message: 'there are no tasks to run',
    hint: 'run: squad-allocate <prd.md>',
  });
}
