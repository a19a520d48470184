import { SquadError } from '#protocol';
import { buildTaskGraph, TASK_DEFAULTS, type Task } from '#tasks';
import { mergeFindings, parseFindings } from '../lens/finding.ts';
import type { LensReport } from '../lens/lens.ts';
import { agentOf } from '../plans/agent-environment.ts';
import { readPromptTemplate } from '../plans/prompt-template.ts';
import { renderPrompt } from '../plans/render-prompt.ts';
import { openRunHome, type RunHome } from '../plans/run-home.ts';
import type { RunOptions } from '../plans/run-options.ts';
import { openBook, prepareRun } from '../plans/run-plans.ts';
import { runTasks } from '../plans/run-tasks.ts';
import { taskFacts } from '../plans/task-facts.ts';
import { openRunBook } from '../record/run-book.ts';
import { asOnlyRunner } from '../record/run-lease.ts';
import { writeRunner } from '../record/runner-process.ts';
import type { ItemRecord } from '../record/run-record.ts';

/** Which run's work is verified. */
export interface CrossOptions extends Omit<RunOptions, 'runId'> {
  readonly verifiedRun: string;
  /** The tasks of that run. */
  readonly tasks: readonly Task[];
}

interface Check {
  readonly task: Task;
  readonly kind: 'review' | 'test';
  readonly branch: string;
  readonly of: Task;
}

/**
 * Each finished task of a run is reviewed by a second agent and tested by a third, in worktrees cut from its branch. The
 * testers' tests stay on branches of their own; the verified work is not changed.
 */
export async function runCross(options: CrossOptions): Promise<LensReport> {
  const home = await openRunHome(options);
  const checks = checksOf(home, options);
  const graph = buildTaskGraph(checks.map(({ task }) => task)).graph;
  const find = (task: Task): Check | undefined => checks.find((check) => check.task.id === task.id);
  const settings: RunOptions = {
    ...options,
    graph,
    isolated: true,
    silent: true,
    baseOf: (task) => find(task)?.branch,
  };
  const book = await openBook(home, graph, settings);
  const templates = {
    review: readPromptTemplate(home.store, home.home.squadDir, 'review-work'),
    test: readPromptTemplate(home.store, home.home.squadDir, 'test-work'),
  };
  return asOnlyRunner(home.keeper({ waitMs: 0 }), book.run.id, async () => {
    writeRunner(home.store, book);
    const { plan, ports } = prepareRun(home, { options: settings, graph, book });
    const start = openRunBook(home.store, home.home.squadDir, options.verifiedRun)?.run.base ?? 'HEAD';
    const report = await runTasks(
      {
        ...plan,
        permissions: (task) =>
          find(task)?.kind === 'review' ? { level: 'read', tools: [] } : plan.permissions(task),
        prompt(task, workspace) {
          const check = find(task);
          const facts = taskFacts({ ...(check?.of ?? task), agent: agentOf(task) }, workspace, {
            graph,
            contracts: [],
          });
          return renderPrompt(templates[check?.kind ?? 'review'], { ...facts, start });
        },
      },
      ports,
    );
    const results = report.items.map((item) => {
      const found = item.state === 'done' ? parseFindings(book.answer(item.key), item.key) : undefined;
      const reason = item.state === 'done' ? 'gave no JSON findings' : item.reason;
      return {
        found: found ?? [],
        verdict: {
          name: item.key,
          isComplete: found !== undefined,
          count: found?.length ?? 0,
          ...(reason && { reason }),
        },
      };
    });
    return {
      id: report.id,
      findings: mergeFindings(results.flatMap(({ found }) => found)),
      verdicts: results.map(({ verdict }) => verdict),
      spentUsd: report.spentUsd,
    };
  });
}

// Agents of the run stand in a ring: the next one reviews, the one after that tests; with two, the other does both.
function checksOf(home: RunHome, { verifiedRun, tasks }: CrossOptions): readonly Check[] {
  const book = openRunBook(home.store, home.home.squadDir, verifiedRun);
  if (book === undefined)
    throw new SquadError({
      code: 'RUN_UNKNOWN',
      message: `there is no run "${verifiedRun}"`,
      hint: 'see: squad-run status',
    });
  const items = book.run.items.map((key) => book.item(key));
  const finished = tasks.flatMap((task) => withBranch(task, items));
  const ring = [...new Set(finished.map(({ of }) => agentOf(of)))];
  if (ring.length < 2) {
    throw new SquadError({
      code: 'USAGE',
      message: `run ${verifiedRun} has finished work of ${ring.length} agent${ring.length === 1 ? '' : 's'} on branches; cross-verification needs two`,
      hint: `see: squad-run status ${verifiedRun}`,
    });
  }
  return finished.flatMap(({ of, branch }): readonly Check[] => {
    const place = ring.indexOf(agentOf(of));
    const other = (step: number): string => {
      const index = (place + step) % ring.length;
      return ring[index === place ? (place + 1) % ring.length : index] ?? '';
    };
    return [
      { kind: 'review', of, branch, task: checkTask(of, { id: `${of.id}.review`, agent: other(1) }) },
      { kind: 'test', of, branch, task: checkTask(of, { id: `${of.id}.test`, agent: other(2) }) },
    ];
  });
}

function withBranch(of: Task, items: readonly ItemRecord[]): readonly { of: Task; branch: string }[] {
  const item = items.find(({ key, state }) => key === of.id && state === 'done');
  return item?.branch === undefined ? [] : [{ of, branch: item.branch }];
}

function checkTask(of: Task, { id, agent }: { id: string; agent: string }): Task {
  return {
    ...TASK_DEFAULTS,
    id,
    agent,
    title: of.title,
    source: of.source,
    estimateMinutes: of.estimateMinutes,
  };
}
