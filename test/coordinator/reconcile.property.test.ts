import { raiseId, readPolicy, reconcile, type Action, type Judgement, type Snapshot } from '#coordinator';
import { STATUSES } from '#protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agent, ago, lease, NOON, said, snapshot, task } from './sample-snapshot.ts';

const AGENTS = ['a', 'b', 'c', 'd', 'e'];
const PATHS = ['p/1', 'p/2', 'q', 'r', 'p'];
const TASKS = ['T-1', 'T-2', 'T-3', 'T-4', 'T-5', 'T-6'];
const ALL_ACT = readPolicy({ 'reassign-task': 'act', 'rebalance-task': 'act' });

const who = fc.constantFrom(...AGENTS);
const minutes = fc.integer({ min: 0, max: 90 }).map(ago);
const life = fc.constantFrom('alive', 'dead', 'unknown');

const process = fc.record({
  pid: fc.nat(9),
  host: fc.constant('h'),
  life,
  source: fc.constant('session'),
  seenAt: minutes,
});
const anyAgent = fc
  .record({
    id: who,
    role: fc.constantFrom('x', 'y'),
    hasPlan: fc.boolean(),
    lastMessageAt: fc.option(minutes, { nil: undefined }),
    lastArtefactAt: fc.option(minutes, { nil: undefined }),
    processes: fc.array(process, { maxLength: 2 }),
    status: fc.option(fc.constantFrom(...STATUSES), { nil: undefined }),
    waitingFor: fc.option(fc.constantFrom(...AGENTS, ...PATHS, ...TASKS, 'H-1'), { nil: undefined }),
    taskId: fc.option(fc.constantFrom(...TASKS), { nil: undefined }),
    waitingSince: minutes,
  })
  .map(({ id, status, waitingFor, taskId, waitingSince, ...rest }) =>
    agent(id, {
      ...rest,
      said: status === undefined ? undefined : said({ status, waitingFor, taskId, waitingSince }),
    }),
  );
const failure = fc.record({ agent: who, at: minutes, error: fc.constant('boom'), isCured: fc.boolean() });
const anyTask = fc
  .record({
    id: fc.constantFrom(...TASKS),
    owner: who,
    dependsOn: fc.uniqueArray(fc.constantFrom(...TASKS, 'T-99'), { maxLength: 2 }),
    files: fc.uniqueArray(fc.constantFrom(...PATHS), { maxLength: 2 }),
    startedAt: fc.option(minutes, { nil: undefined }),
    failures: fc.array(failure, { maxLength: 4 }),
    isDone: fc.boolean(),
    startMinute: fc.nat(50),
  })
  .map(({ id, owner, isDone, ...rest }) =>
    task(id, owner, {
      ...rest,
      completion: isDone
        ? {
            agent: owner,
            at: ago(0),
            evidence: [{ command: 't', exitCode: 0 }],
            commit: undefined,
            hasUncommitted: false,
          }
        : undefined,
    }),
  );
const anyLease = fc
  .record({
    path: fc.constantFrom(...PATHS),
    holder: who,
    token: fc.nat(99),
    acquiredAt: minutes,
    isExpired: fc.boolean(),
    holderLife: life,
  })
  .map(({ path, holder, ...rest }) => lease(path, holder, rest));
const wait = fc.record({
  agent: who,
  paths: fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 2 }),
  since: minutes,
});
const handoff = fc.record({
  id: fc.constantFrom('H-1', 'H-2'),
  from: who,
  to: fc.constantFrom(...AGENTS, 'ghost'),
  files: fc.constant(['q']),
  state: fc.constantFrom('requested' as const, 'accepted' as const),
  requestedAt: minutes,
  movedAt: minutes,
});

const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    agents: fc.uniqueArray(anyAgent, { selector: ({ id }) => id, maxLength: 5 }),
    tasks: fc.uniqueArray(anyTask, { selector: ({ id }) => id, maxLength: 6 }),
    leases: fc.uniqueArray(anyLease, { selector: ({ token }) => token, maxLength: 5 }),
    waits: fc.array(wait, { maxLength: 4 }),
    handoffs: fc.uniqueArray(handoff, { selector: ({ id }) => id, maxLength: 2 }),
  })
  .map((parts) => snapshot(parts));

const judge = (state: Snapshot): Judgement => reconcile(state, NOON, ALL_ACT);

test('nothing is done to the living, save the victim of a waiting cycle', () => {
  fc.assert(
    fc.property(anySnapshot, (state) => {
      const { actions, agents, findings } = judge(state);
      for (const action of actions) {
        if (action.kind === 'release-lease') {
          const hit = state.leases.find(({ token }) => token === action.token);
          expect(hit?.isExpired === true || hit?.holderLife === 'dead').toBe(true);
        }
        if (action.kind === 'break-cycle') {
          const cycle = findings.filter(({ kind }) => kind === 'WAITING_CYCLE');
          expect(cycle.some(({ paths }) => paths.includes(action.path))).toBe(true);
        }
        if (action.kind === 'reassign-task') {
          const owner = agents.find(({ id }) => id === action.from);
          const failures = state.tasks.find(({ id }) => id === action.taskId)?.failures.length ?? 0;
          // Of an agent that is only silent a move is proposed, never made.
          const isProposal = action.policy === 'suggest' && owner?.life === 'unknown';
          expect(owner?.life === 'dead' || failures >= 3 || isProposal).toBe(true);
          expect(agents.find(({ id }) => id === action.to)?.life).toMatch(/^(?:alive|idle|waiting)$/u);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('dead is judged only by proof: every known process gone and nothing heard since', () => {
  fc.assert(
    fc.property(anySnapshot, (state) => {
      for (const judged of judge(state).agents.filter((each) => each.life === 'dead')) {
        expect(judged.processes.length).toBeGreaterThan(0);
        expect(judged.processes.every((each) => each.life === 'dead')).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test('the judgement does not depend on the order of anything in the snapshot', () => {
  fc.assert(
    fc.property(anySnapshot, fc.infiniteStream(fc.nat()), (state, dice) => {
      const shuffle = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, at: dice.next().value }))
          .toSorted((x, y) => x.at - y.at)
          .map(({ item }) => item);
      const other: Snapshot = {
        ...state,
        agents: shuffle(state.agents),
        tasks: shuffle(state.tasks),
        leases: shuffle(state.leases),
        waits: shuffle(state.waits),
        handoffs: shuffle(state.handoffs),
      };
      expect(judge(other)).toEqual(judge(state));
    }),
    { numRuns: 1000 },
  );
});

// What the world looks like when the actions were done.
function after(state: Snapshot, actions: readonly Action[]): Snapshot {
  const ended = new Set(actions.flatMap((action) => ('token' in action ? [action.token] : [])));
  const expired = new Set(
    actions.flatMap((action) => (action.kind === 'expire-handoff' ? [action.handoffId] : [])),
  );
  const moves = actions.flatMap((action) =>
    action.kind === 'reassign-task' || action.kind === 'rebalance-task' ? [action] : [],
  );
  return {
    ...state,
    leases: state.leases.filter(({ token }) => !ended.has(token)),
    handoffs: state.handoffs.map((each) =>
      expired.has(each.id) ? { ...each, state: 'expired' as const } : each,
    ),
    tasks: state.tasks.map((each) => {
      const move = moves.find(({ taskId }) => taskId === each.id);
      return move === undefined ? each : { ...each, agent: move.to };
    }),
    reassignments: [
      ...state.reassignments,
      ...moves.map(({ taskId, from, to }, index) => ({
        id: `R-${state.reassignments.length + index}`,
        taskId,
        from,
        to,
        at: NOON,
      })),
    ],
    raised: [
      ...state.raised,
      ...actions.flatMap((action) =>
        action.kind === 'raise-to-person' ? [{ id: raiseId(action.subject), at: NOON }] : [],
      ),
    ],
  };
}

test('doing everything and looking again ends in rest: no deed is asked for twice, and every cycle is broken or raised', () => {
  fc.assert(
    fc.property(anySnapshot, (start) => {
      let state = start;
      const done = new Set<string>();
      for (let round = 0; round < 40; round += 1) {
        const { actions, findings } = judge(state);
        const fresh = actions.filter(({ policy }) => policy === 'act');
        if (fresh.length === 0) {
          for (const { key, paths } of findings.filter(({ kind }) => kind === 'WAITING_CYCLE')) {
            const subject = `cycle:${key.slice('WAITING_CYCLE:'.length)}`;
            const isRaised = state.raised.some(({ id }) => id === raiseId(subject));
            // A lease that only words are about is suggested, never taken.
            const isSuggested = actions.some(
              (action) => action.kind === 'break-cycle' && paths.includes(action.path),
            );
            expect(isRaised || isSuggested).toBe(true);
          }
          return;
        }
        for (const { key } of fresh) {
          expect(done.has(key)).toBe(false);
          done.add(key);
        }
        state = after(state, fresh);
      }
      throw new Error('no rest after 40 rounds');
    }),
    { numRuns: 1000 },
  );
});
