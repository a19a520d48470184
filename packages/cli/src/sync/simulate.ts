import { runSimulation, type SimulationResult } from '#coordinator';
import { parseFrontMatter } from '#markdown';
import { makePlan, renderPlanFiles } from '#plan';
import {
  EXIT,
  planHeaderSchema,
  renderDiagnostic,
  renderDuration,
  SquadError,
  type PlanHeader,
} from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { findDocument } from '../allocate/find-document.ts';
import { readSource, type ReadSource } from '../allocate/read-source.ts';
import { openSquad } from '../shell/squad.ts';
import { listTrackedFiles } from '#git';

const MOST_AGENTS = 9;

/** `squad-sync simulate`. */
export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'Live a PRD through with simulated agents: makespan, contention and the best number of agents',
  options: {
    prd: { kind: 'value', value: 'FILE', summary: 'the document (found as squad-allocate finds it)' },
    agents: { kind: 'value', value: 'N', summary: 'only this number of agents (default: 1 to 9)' },
    seeds: { kind: 'value', value: 'N', summary: 'how many histories to average (default 10)' },
    seed: {
      kind: 'value',
      value: 'N',
      summary: 'the first seed (default 1); the same seed gives the same figures',
    },
    faults: { kind: 'flag', summary: 'let agents stall, crash and fail as well' },
  },
  examples: ['squad-sync simulate --prd feature-prd.md', 'squad-sync simulate --agents 3 --faults --json'],
  action: simulate,
};

interface Row {
  readonly agents: number;
  /** Mean over the histories that came to an end; `null` when none did. */
  readonly makespanMinutes: number | null;
  /** Waiting for leases, of all time at work or waiting. */
  readonly contention: number;
  readonly finished: number;
}

async function simulate(call: Call): Promise<Outcome> {
  const only = countOf(call, 'agents', 0);
  const seeds = countOf(call, 'seeds', 10);
  const first = countOf(call, 'seed', 1);
  const source = await sourceOf(call);
  const counts = only > 0 ? [only] : Array.from({ length: MOST_AGENTS }, (_, index) => index + 1);
  const rows: Row[] = [];
  for (const agents of counts) {
    const plans = plansFor(source, agents);
    // More agents than there is work for make no other plan.
    if (rows.some((row) => row.agents === plans.length)) break;
    const results: SimulationResult[] = [];
    for (let seed = first; seed < first + seeds; seed += 1)
      results.push(await live(plans, seed, call.flag('faults')));
    rows.push(rowOf(plans.length, results));
  }
  const best = rows.toSorted(
    (a, b) => (a.makespanMinutes ?? Infinity) - (b.makespanMinutes ?? Infinity) || a.agents - b.agents,
  )[0];
  return {
    exitCode: EXIT.done,
    json: { seeds, firstSeed: first, faults: call.flag('faults'), rows, bestAgents: best?.agents ?? null },
    text: render(rows, best?.agents),
  };
}

function live(plans: readonly PlanHeader[], seed: number, hasFaults: boolean): Promise<SimulationResult> {
  const faults = hasFaults
    ? { crash: 0.0005, stall: 0.005, failure: 0.05, greed: 0.1 }
    : { crash: 0, stall: 0, failure: 0, greed: 0 };
  const trouble = { missedTick: 0, coordinatorCrash: 0, clockJump: 0 };
  return runSimulation({ seed, plans, faults, trouble, stepMs: 60_000, maxSteps: 20_000 });
}

function rowOf(agents: number, results: readonly SimulationResult[]): Row {
  const ended = results.flatMap(({ makespanMs }) => (makespanMs === undefined ? [] : [makespanMs]));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const waited = sum(results.map(({ waitedMs }) => waitedMs));
  const busy = sum(results.map(({ busyMs }) => busyMs));
  return {
    agents,
    makespanMinutes: ended.length === 0 ? null : Math.round(sum(ended) / ended.length / 6000) / 10,
    contention: waited + busy === 0 ? 0 : waited / (waited + busy),
    finished: ended.length,
  };
}

function render(rows: readonly Row[], best: number | undefined): string {
  const lines = rows.map(({ agents, makespanMinutes, contention, finished }) => {
    const span = makespanMinutes === null ? 'never' : renderDuration(makespanMinutes * 60_000);
    return `${String(agents).padStart(6)}  ${span.padEnd(10)}  ${`${(contention * 100).toFixed(0)} %`.padEnd(7)}  ${finished}${agents === best ? '  ← shortest' : ''}`;
  });
  return ['agents  makespan    waiting  finished', ...lines].join('\n');
}

async function sourceOf(call: Call): Promise<{ source: ReadSource; tracked: readonly string[] }> {
  const { store, cwd } = call.io;
  const home = openSquad(call.io);
  const tracked = home.isGit ? await listTrackedFiles(home.worktreeRoot) : [];
  const found = findDocument({ store, cwd, home }, call.value('prd'));
  return { source: await readSource(call, found, { home, tracked }), tracked };
}

function plansFor(
  { source, tracked }: { source: ReadSource; tracked: readonly string[] },
  agents: number,
): readonly PlanHeader[] {
  const { document } = source;
  const plan = makePlan({ document, tracked, agents, roster: [], effort: 'fast', barriers: 'strict' });
  const errors = plan.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const message = errors.map((error) => renderDiagnostic(error)).join('\n');
    throw new SquadError({
      code: 'INPUT_INVALID',
      message,
      data: errors,
      hint: 'squad-allocate --check shows the places',
    });
  }
  return renderPlanFiles(plan).flatMap(({ path, text }) => {
    const parsed = parseFrontMatter(text, path);
    const header = parsed.ok ? planHeaderSchema.decode(parsed.value.data) : undefined;
    return header?.ok === true ? [header.value] : [];
  });
}

function countOf(call: Call, name: string, otherwise: number): number {
  const text = call.value(name);
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,3}$/u.test(text)) return Number(text);
  throw new SquadError({
    code: 'USAGE',
    message: `"${text}" is no number for --${name}`,
    hint: `as --${name} 5`,
  });
}
