import { buildTaskGraph, type Task } from '#tasks';
import type { Client } from '../client/client.ts';
import { findClient } from '../client/find-client.ts';
import { parseFindings, type Finding } from '../lens/finding.ts';
import { agentOf } from '../plans/agent-environment.ts';
import { readPromptTemplate } from '../plans/prompt-template.ts';
import { renderPrompt } from '../plans/render-prompt.ts';
import { openRunHome, type RunHome } from '../plans/run-home.ts';
import type { RunOptions } from '../plans/run-options.ts';
import { openBook, prepareRun } from '../plans/run-plans.ts';
import { runTask, type TaskPorts, type TaskResult } from '../plans/run-task.ts';
import type { TasksPlan } from '../plans/run-tasks.ts';
import { taskFacts } from '../plans/task-facts.ts';
import type { Workspace } from '../plans/workspace.ts';
import { asOnlyRunner } from '../record/run-lease.ts';
import { writeRunner } from '../record/runner-process.ts';
import type { RunBook } from '../record/run-book.ts';

/** A writer and a reviewer at one task. */
export interface PairOptions extends RunOptions {
  readonly task: Task;
  readonly reviewer: string | Client;
  /** At most so many times written and reviewed. */
  readonly rounds: number;
}

/** How a pair came out. */
export interface PairReport {
  readonly id: string;
  readonly branch?: string;
  readonly integration?: string;
  /** Rounds that were begun. */
  readonly rounds: number;
  /** The reviewer found nothing more, and the work was merged into the run's branch. */
  readonly isClean: boolean;
  readonly findings: readonly Finding[];
  readonly reason?: string;
}

/**
 * One agent writes, another reviews the result and reports findings; they go back to the writer until nothing is found
 * or the rounds are used up. Only clean work is merged; any other stays on its branch with the findings beside it.
 */
export async function runPair(options: PairOptions): Promise<PairReport> {
  const home = await openRunHome(options);
  const { task, rounds } = options;
  const turns = Array.from({ length: rounds }, (_, index) => turnOf(task, index + 1));
  const graph = buildTaskGraph(turns.flatMap(({ write, review }) => [write, review])).graph;
  const book = await openBook(home, graph, { ...options, isolated: true });
  return asOnlyRunner(home.keeper({ waitMs: 0 }), book.run.id, () => {
    writeRunner(home.store, book);
    const run = prepareRun(home, { options: { ...options, silent: true }, graph, book });
    return takeTurns({ options, home, book, ...run, ports: onOneBranch(run.ports, task) }, turns);
  });
}

interface Turn {
  readonly write: Task;
  readonly review: Task;
}

function turnOf(task: Task, round: number): Turn {
  const writer = agentOf(task);
  const review = { ...task, acceptance: undefined, agent: `${writer}-reviewer` };
  return {
    write: { ...task, id: `${task.id}.write-${round}`, agent: writer, dependsOn: [] },
    review: { ...review, id: `${task.id}.review-${round}`, dependsOn: [] },
  };
}

// Every turn works where the first did; nothing is merged before the reviewer is content.
function onOneBranch(ports: TaskPorts, task: Task): TaskPorts {
  const { workspaces } = ports;
  return {
    ...ports,
    workspaces: {
      ...workspaces,
      open: () => workspaces.open(task),
      settle: (_, workspace) => workspaces.settle(task, workspace),
      integrate: () => Promise.resolve({ kind: 'nothing' }),
    },
  };
}

interface Pair {
  readonly options: PairOptions;
  readonly home: RunHome;
  readonly book: RunBook;
  readonly plan: TasksPlan;
  readonly ports: TaskPorts;
}

async function takeTurns(pair: Pair, turns: readonly Turn[]): Promise<PairReport> {
  const { options, book } = pair;
  let findings: readonly Finding[] = [];
  for (const [index, { write, review }] of turns.entries()) {
    const base = {
      id: book.run.id,
      rounds: index + 1,
      ...(book.run.integration && { integration: book.run.integration }),
    };
    const written = await takeTurn(pair, write, findings);
    const branch = written.item.branch === undefined ? {} : { branch: written.item.branch };
    if (written.item.state !== 'done')
      return {
        ...base,
        ...branch,
        isClean: false,
        findings,
        reason: `writer: ${written.item.reason ?? 'failed'}`,
      };
    const reviewed = await takeTurn(pair, review, []);
    const verdict = parseFindings(reviewed.end?.text ?? '', review.agent ?? 'reviewer');
    if (reviewed.item.state !== 'done' || verdict === undefined) {
      const reason = reviewed.item.state === 'done' ? 'gave no verdict' : (reviewed.item.reason ?? 'failed');
      return { ...base, ...branch, isClean: false, findings, reason: `reviewer: ${reason}` };
    }
    findings = verdict;
    if (findings.length === 0) return { ...base, ...branch, ...(await merge(pair)) };
    if (index + 1 === turns.length)
      return {
        ...base,
        ...branch,
        isClean: false,
        findings,
        reason: `findings are left after ${options.rounds} rounds`,
      };
  }
  throw new Error('a pair takes at least one turn');
}

async function takeTurn(pair: Pair, task: Task, findings: readonly Finding[]): Promise<TaskResult> {
  const { options, book, plan, ports } = pair;
  const known = book.item(task.id);
  // Gone on with after a crash: what was said then still counts.
  if (known.state === 'done') return { item: known, end: { ...NOTHING, text: book.answer(task.id) } };
  const isReview = task.acceptance === undefined && task.id.includes('.review-');
  const settings: TasksPlan = {
    ...plan,
    ...(isReview && {
      client: () => clientOf(options.reviewer),
      permissions: () => ({ level: 'read', tools: [] }),
    }),
    prompt: promptFor(pair, { isReview, findings }),
  };
  return runTask(task, { settings, ports, book, agent: agentOf(task), leftUsd: undefined });
}

const NOTHING: NonNullable<TaskResult['end']> = {
  ok: true,
  reason: 'done',
  isTransient: false,
  isStopped: false,
  tokens: { input: 0, output: 0 },
  durationMs: 0,
  toolCalls: 0,
  denied: [],
  text: '',
};

function promptFor(
  { options, home, plan }: Pair,
  { isReview, findings }: { isReview: boolean; findings: readonly Finding[] },
): (task: Task, workspace: Workspace) => string {
  if (!isReview && findings.length === 0)
    return (task, workspace) => plan.prompt({ ...task, id: options.task.id }, workspace);
  const template = readPromptTemplate(
    home.store,
    home.home.squadDir,
    isReview ? 'review-work' : 'fix-findings',
  );
  const list = findings.map(
    ({ severity, path, line, message }) =>
      `- ${severity} ${path ?? ''}${line === undefined ? '' : `:${line}`} ${message}`,
  );
  return (task, workspace) =>
    renderPrompt(template, {
      ...taskFacts({ ...task, id: options.task.id }, workspace, { graph: plan.graph, contracts: [] }),
      start: workspace.start ?? 'HEAD',
      findings: list.join('\n'),
    });
}

async function merge({
  options,
  home,
  book,
}: Pair): Promise<Pick<PairReport, 'isClean' | 'findings' | 'reason'>> {
  const { workspaces } = prepareRun(home, { options, graph: buildTaskGraph([]).graph, book }).ports;
  const merged = await workspaces.integrate(options.task, await workspaces.open(options.task));
  if (merged.kind !== 'conflict') return { isClean: true, findings: [] };
  return { isClean: false, findings: [], reason: `conflicts in ${merged.paths.join(', ')}` };
}

function clientOf(reviewer: string | Client): Client {
  return typeof reviewer === 'string' ? findClient(reviewer) : reviewer;
}
