import { join } from 'node:path';
import { DEFAULT_CONFIG } from '#config';
import { renderFrontMatter } from '#markdown';
import { createIdSource, type PlanHeader } from '#protocol';
import { openJournal, type Store } from '#store';
import { createPerformer } from '../act/perform.ts';
import { createCoordinator, type Tick } from '../loop/coordinator.ts';
import { followComms } from '../observe/comm-follower.ts';
import type { GitObservation } from '../observe/look-at-git.ts';
import { createObserver } from '../observe/observe.ts';
import { observeTasks } from '../observe/observe-tasks.ts';
import { readPolicy } from '../reconcile/plan-actions.ts';
import { createMemoryStore } from './memory-store.ts';
import { createRandom, type Random } from './random.ts';
import { isProven, SimAgent, type Faults } from './sim-agent.ts';
import { VirtualWorld } from './virtual-world.ts';

/** One world to live through. */
export interface SimulationPlan {
  readonly seed: number;
  readonly plans: readonly PlanHeader[];
  readonly faults: Faults;
  /** Chances per step that the coordinator misses it, dies between two writes, or that the wall clock jumps. */
  readonly trouble: {
    readonly missedTick: number;
    readonly coordinatorCrash: number;
    readonly clockJump: number;
  };
  /** The longest step; it ends sooner when an agent is done sooner. */
  readonly stepMs: number;
  readonly maxSteps: number;
}

/** How it ended. */
export interface SimulationResult {
  /** Simulated time until every task was proven; `undefined` when some never were. */
  readonly makespanMs: number | undefined;
  readonly completed: number;
  readonly raised: number;
  readonly busyMs: number;
  readonly waitedMs: number;
  readonly reassignments: number;
  readonly deathsJudged: number;
  readonly coordinatorCrashes: number;
  readonly steps: number;
  /** What must never happen, and did. */
  readonly violations: readonly string[];
}

/** Thrown into the coordinator between two of its writes. */
class SimulatedCrash extends Error {}

const NO_GIT: GitObservation = {
  worktrees: [],
  changes: [],
  mergeConflicts: [],
  tracked: new Set(),
  mainDirty: [],
};
const SQUAD = '/sim/.squad';
const SHORTEST_STEP_MS = 1000;
const START = Date.UTC(2026, 0, 1);
// The longest block that need not be raised: the patience itself, and a missed tick or two.
const BOUND_MS = 900_000 + 300_000;

interface Stage {
  readonly store: Store;
  readonly world: VirtualWorld;
  readonly random: Random;
  readonly agents: readonly SimAgent[];
  readonly violations: string[];
  /** Writes of the coordinator until it crashes; negative: never. */
  fuse: number;
  deathsJudged: number;
  crashes: number;
}

/**
 * Lives a plan through with scripted agents, virtual time and leases, and the real coordinator over a store in memory.
 * The same seed gives the same history. Agents crash, stall and fail; the coordinator dies between two writes, misses
 * ticks and meets a jumping clock.
 */
export async function runSimulation(plan: SimulationPlan): Promise<SimulationResult> {
  const stage = openStage(plan);
  const look = followComms(stage.store, SQUAD);
  const tasksNow = (): ReturnType<typeof observeTasks> =>
    observeTasks(plan.plans, { ledger: look().ledger, tracked: new Set(), gates: [] });
  let tick = openTick(stage);
  let makespanMs: number | undefined;
  let quiet = 0;
  let steps = 0;
  let last: Tick | undefined;
  for (; steps < plan.maxSteps && quiet < 3; steps += 1) {
    const tasks = tasksNow();
    const ms = stepOf(plan, stage);
    const part = ms / plan.stepMs;
    for (const agent of stage.agents) agent.step(ms, part, tasks);
    stage.world.pass(ms);
    if (stage.random.chance(plan.trouble.clockJump * part))
      stage.world.jump(stage.random.between(-600, 600) * 1000);
    if (stage.random.chance(plan.trouble.missedTick)) continue;
    stage.fuse = stage.random.chance(plan.trouble.coordinatorCrash) ? stage.random.between(0, 6) : -1;
    const seen = await tick(0).catch(crashed);
    stage.fuse = -1;
    if (seen === undefined) {
      stage.crashes += 1;
      tick = openTick(stage);
      continue;
    }
    last = seen;
    check(stage, seen);
    const isDone = tasksNow().every(isProven);
    if (isDone) makespanMs ??= stage.world.elapsedMs();
    quiet = isAtRest(seen, stage) ? quiet + 1 : 0;
  }
  return summary({ plan, stage, tasks: tasksNow(), makespanMs, steps, last });
}

// Up to the moment when the next agent is done, so that no task lasts longer than it takes.
function stepOf({ stepMs }: SimulationPlan, { agents }: Stage): number {
  const ends = agents.flatMap(({ remainingMs }) => (remainingMs === undefined ? [] : [remainingMs]));
  return Math.max(SHORTEST_STEP_MS, Math.min(stepMs, ...ends));
}

function crashed(error: unknown): undefined {
  if (error instanceof SimulatedCrash) return undefined;
  throw error;
}

function openStage(plan: SimulationPlan): Stage {
  const random = createRandom(plan.seed);
  const world = new VirtualWorld(START);
  const stage: { fuse: number } = { fuse: -1 };
  const store = createMemoryStore({
    now: world.clock.wallMs,
    before() {
      if (stage.fuse === 0) throw new SimulatedCrash('killed between two writes');
      if (stage.fuse > 0) stage.fuse -= 1;
    },
  });
  for (const [index, header] of plan.plans.entries())
    store.writeAtomic(
      join(SQUAD, 'parallel-plans', `agent-${index + 1}-plan.md`),
      renderFrontMatter({ ...header }, `# ${header.agent}\n`),
    );
  const { faults } = plan;
  const agents = plan.plans.map(
    ({ agent }, index) =>
      new SimAgent(agent, { store, squadDir: SQUAD, world, random, faults, isImmortal: index === 0 }),
  );
  return Object.assign(stage, { store, world, random, agents, violations: [], deathsJudged: 0, crashes: 0 });
}

function openTick(stage: Stage): (hints: number) => Promise<Tick> {
  const { store, world, random } = stage;
  const { clock, leases } = world;
  const sessions = (): ReturnType<VirtualWorld['sessions']> => world.sessions();
  const newId = createIdSource(clock.wallMs, (size) =>
    Uint8Array.from({ length: size }, () => random.between(0, 255)),
  );
  const journal = openJournal({ store, squadDir: SQUAD, clock, newId });
  const observe = createObserver({
    store,
    clock,
    squadDir: SQUAD,
    mainRoot: '/sim',
    leases,
    config: DEFAULT_CONFIG,
    sessions,
    git: async () => NO_GIT,
    zones: () => [],
  });
  const backup = async (): Promise<never> => Promise.reject(new Error('a simulation has no worktrees'));
  const perform = createPerformer({
    store,
    squadDir: SQUAD,
    mainRoot: '/sim',
    clock,
    journal,
    leases,
    backup,
  });
  const policy = readPolicy({ 'reassign-task': 'act', 'rebalance-task': 'act' });
  return createCoordinator({
    store,
    squadDir: SQUAD,
    clock,
    journal,
    observe,
    perform,
    policy,
    writes: true,
  });
}

// What must hold after every tick.
function check(stage: Stage, { judgement, snapshot }: Tick): void {
  const { world, violations } = stage;
  for (const { id, life } of judgement.agents) {
    if (life !== 'dead') continue;
    stage.deathsJudged += 1;
    if (world.isRunning(id)) violations.push(`${id} was judged dead and lives`);
  }
  const holders = new Map<string, string>();
  for (const { path, agent } of world.held()) {
    const other = holders.get(path);
    if (other !== undefined && other !== agent) violations.push(`${path} is held by ${other} and ${agent}`);
    holders.set(path, agent);
  }
  for (const { id, said } of snapshot.agents) {
    const since = said?.status === 'WAITING' ? (said.waitingSince ?? said.at) : undefined;
    if (since === undefined || snapshot.at - since < BOUND_MS) continue;
    const isReported = judgement.findings.some(
      ({ kind, agents }) => kind === 'LONG_BLOCK' && agents.includes(id),
    );
    if (!isReported) violations.push(`${id} waits since ${since} and nobody was told`);
  }
}

// Nothing goes on any more: all is done, or what is left hangs on the dead and a person was told of it.
function isAtRest({ judgement, snapshot }: Tick, { world }: Stage): boolean {
  const left = judgement.tasks.filter(({ state }) => state !== 'complete');
  const ids = new Set(left.map(({ id }) => id));
  const hangs = left.every(
    ({ agent, dependsOn }) => !world.isRunning(agent) || dependsOn.some((id) => ids.has(id)),
  );
  const isStuck = hangs && snapshot.raised.length > 0;
  const isBusy = judgement.actions.some(({ policy, kind }) => policy === 'act' && kind !== 'raise-to-person');
  return (left.length === 0 || isStuck) && !isBusy;
}

function summary(end: {
  plan: SimulationPlan;
  stage: Stage;
  tasks: ReturnType<typeof observeTasks>;
  makespanMs: number | undefined;
  steps: number;
  last: Tick | undefined;
}): SimulationResult {
  const { plan, stage, tasks, last } = end;
  const completed = tasks.filter(isProven).length;
  const raised = new Set(last?.snapshot.raised.map(({ id }) => id)).size;
  const left = stage.world.held().filter(({ agent }) => !stage.world.isRunning(agent));
  const lost = tasks.length - completed;
  const violations = [
    ...stage.violations,
    ...left.map(({ path, agent }) => `${path} is still held by ${agent}, which is dead`),
    ...(lost > 0 && raised === 0 ? [`${lost} tasks were neither finished nor raised`] : []),
    ...(end.steps >= plan.maxSteps ? ['no rest was reached'] : []),
  ];
  const sum = (pick: (agent: SimAgent) => number): number =>
    stage.agents.reduce((total, agent) => total + pick(agent), 0);
  return {
    makespanMs: end.makespanMs,
    completed,
    raised,
    busyMs: sum((agent) => agent.busyMs),
    waitedMs: sum((agent) => agent.waitedMs),
    reassignments: last?.snapshot.reassignments.length ?? 0,
    deathsJudged: stage.deathsJudged,
    coordinatorCrashes: stage.crashes,
    steps: end.steps,
    violations,
  };
}
