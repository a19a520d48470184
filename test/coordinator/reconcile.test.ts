import { raiseId, readPolicy, reconcile, type Snapshot } from '#coordinator';
import { expect, test } from 'vitest';
import { agent, ago, lease, NOON, said, snapshot, task } from './sample-snapshot.ts';

const POLICY = readPolicy({});
const dead = { pid: 1, host: 'h', life: 'dead', source: 'session', seenAt: ago(1) } as const;
const running = { pid: 1, host: 'h', life: 'alive', source: 'session', seenAt: ago(30) } as const;

function judge(over: Partial<Snapshot>): ReturnType<typeof reconcile> {
  return reconcile(snapshot(over), NOON, POLICY);
}

function found(over: Partial<Snapshot>): readonly string[] {
  return judge(over).findings.map(({ kind, message }) => `${kind}: ${message}`);
}

function deeds(over: Partial<Snapshot>): readonly string[] {
  return judge(over).actions.map(({ policy, key }) => `${policy} ${key}`);
}

test.each([
  ['alive', agent('a')],
  ['slow', agent('a', { processes: [running], lastMessageAt: ago(20) })],
  ['waiting', agent('a', { said: said({ status: 'BLOCKED' }) })],
  ['idle', agent('a', { said: said({ status: 'READY' }) })],
  ['idle', agent('a', { said: said({ status: 'COMPLETE' }), lastMessageAt: ago(500) })],
  ['dead', agent('a', { processes: [dead] })],
  ['unknown', agent('a', { lastMessageAt: ago(20) })],
  // One process of it is gone, another runs.
  ['alive', agent('a', { processes: [dead, running] })],
  // Something spoke after the process that is known was seen: another one acts for it.
  ['alive', agent('a', { processes: [{ ...dead, seenAt: ago(3) }], lastMessageAt: ago(1) })],
  ['unknown', agent('a', { processes: [{ ...dead, seenAt: ago(60) }], lastMessageAt: ago(20) })],
  // Its files change although it says nothing.
  ['alive', agent('a', { lastMessageAt: ago(20), lastArtefactAt: ago(2) })],
])('judges an agent %s by its evidence', (life, observed) => {
  expect(judge({ agents: [observed] }).agents[0]?.life).toBe(life);
});

const proof = {
  agent: 'a',
  at: ago(2),
  evidence: [{ command: 'npm test', exitCode: 0, commit: 'abc1234' }],
  commit: 'abc1234',
  hasUncommitted: false,
};

test.each([
  ['complete', { completion: proof }],
  ['claimed', { completion: { ...proof, evidence: [] } }],
  ['claimed', { completion: { ...proof, agent: 'b' } }],
  ['claimed', { completion: { ...proof, hasUncommitted: true } }],
  [
    'claimed',
    { completion: { ...proof, evidence: [{ command: 'npm test', exitCode: 1, commit: 'abc1234' }] } },
  ],
  [
    'claimed',
    {
      completion: {
        ...proof,
        evidence: [...proof.evidence, { command: 'lint', exitCode: 0, commit: 'def5678' }],
      },
    },
  ],
  ['skipped', { completion: proof, skippedBy: 'human-ada' }],
  ['review', { completion: proof, isCheckpoint: true }],
  ['failed', { completion: proof, failures: [{ agent: 'a', at: ago(1), error: 'x', isCured: false }] }],
  ['complete', { completion: proof, failures: [{ agent: 'a', at: ago(3), error: 'x', isCured: true }] }],
  ['ready', {}],
  ['blocked', { dependsOn: ['T-2'] }],
  ['active', { startedAt: ago(1) }],
])('judges a task %s by what was proven', (state, over) => {
  const { tasks } = judge({
    agents: [agent('a')],
    tasks: [task('T-1', 'a', over), task('T-2', 'a', { startMinute: 9 })],
  });
  expect(tasks.find(({ id }) => id === 'T-1')?.state).toBe(state);
});

test('a dead holder’s lease is released, a living one’s is left alone', () => {
  const leases = [
    lease('a.ts', 'a', { token: 4, holderLife: 'dead' }),
    lease('b.ts', 'b', { token: 5, holderLife: 'alive' }),
  ];
  expect(found({ leases })).toEqual(['STALE_LOCK: a.ts is held by a, whose process is gone']);
  expect(deeds({ leases })).toEqual(['act release-lease:a.ts#4']);
});

test('two who wait for one another’s leases are found, and the younger lease gives way', () => {
  const over: Partial<Snapshot> = {
    agents: [agent('a'), agent('b')],
    leases: [
      lease('x', 'a', { token: 1, acquiredAt: ago(9) }),
      lease('y', 'b', { token: 2, acquiredAt: ago(3) }),
    ],
    waits: [
      { agent: 'a', paths: ['y'], since: ago(2) },
      { agent: 'b', paths: ['x'], since: ago(1) },
    ],
  };
  expect(found(over)).toEqual(['WAITING_CYCLE: a → b → a wait for one another']);
  expect(judge(over).findings[0]?.evidence).toEqual([
    'a waits for y, held by b',
    'b waits for x, held by a',
    'victim: b took y last, so it loses least',
  ]);
  expect(deeds(over)).toEqual(['act break-cycle:y#2']);
});

test('a cycle over a lease, a task and a handoff is found; words alone only suggest', () => {
  const over: Partial<Snapshot> = {
    agents: [
      agent('a', { said: said({ status: 'WAITING', taskId: 'T-1' }) }),
      agent('b', { said: said({ status: 'BLOCKED', waitingFor: 'H-1' }) }),
      agent('c', { said: said({ status: 'BLOCKED', waitingFor: '/lib/x.ts' }) }),
    ],
    tasks: [task('T-1', 'a', { dependsOn: ['T-2'] }), task('T-2', 'b', { startMinute: 1 })],
    handoffs: [
      {
        id: 'H-1',
        from: 'c',
        to: 'b',
        files: ['z'],
        state: 'requested',
        requestedAt: ago(1),
        movedAt: ago(1),
      },
    ],
    leases: [lease('lib/', 'a', { token: 7 })],
  };
  expect(found(over)).toContain('WAITING_CYCLE: a → b → c → a wait for one another');
  expect(deeds(over)).toEqual(['suggest break-cycle:lib/#7']);
});

test('a cycle without any lease is told to a person, once an hour', () => {
  const agents = [
    agent('a', { said: said({ status: 'WAITING', waitingFor: 'b' }) }),
    agent('b', { said: said({ status: 'WAITING', waitingFor: 'a' }) }),
  ];
  const [action] = judge({ agents }).actions;
  expect(action).toMatchObject({ kind: 'raise-to-person', policy: 'act', subject: 'cycle:a+b' });
  const told = (minutes: number): readonly string[] =>
    deeds({ agents, raised: [{ id: raiseId('cycle:a+b'), at: ago(minutes) }] });
  expect([told(30), told(90)]).toEqual([[], ['act raise-to-person:cycle:a+b']]);
});

test('paths that two changed: not where turns or parts are the rule, nor after a handoff', () => {
  const change = (
    who: string,
    access: 'EXCLUSIVE' | 'SEQUENTIAL' | 'PARTITIONED',
    source: 'message' | 'worktree' = 'message',
  ) => ({
    path: 'p',
    agent: who,
    worktree: `/w/${who}`,
    source,
    at: ago(1),
    owner: 'a',
    access,
    mayWrite: true,
  });
  const both = (access: 'EXCLUSIVE' | 'SEQUENTIAL' | 'PARTITIONED', source?: 'message' | 'worktree') => [
    change('a', access, source),
    change('b', access, source),
  ];
  expect(found({ changes: both('EXCLUSIVE') })).toEqual(['MULTIPLE_MODIFICATIONS: a and b changed p']);
  expect(found({ changes: both('SEQUENTIAL') })).toEqual([]);
  expect(found({ changes: both('SEQUENTIAL', 'worktree') })).toEqual([
    'MULTIPLE_MODIFICATIONS: a and b changed p',
  ]);
  expect(found({ changes: both('PARTITIONED', 'worktree') })).toEqual([]);
  const handoffs = [
    { id: 'H', from: 'a', to: 'b', files: ['p'], state: 'completed', requestedAt: ago(9), movedAt: ago(5) },
  ] as const;
  expect(found({ changes: both('EXCLUSIVE'), handoffs })).toEqual([]);
});

test('dead with work left: its tasks go to the fittest living agent', () => {
  const over: Partial<Snapshot> = {
    agents: [
      agent('a', { processes: [dead], said: said({ taskId: 'T-1' }) }),
      agent('b', { role: 'other' }),
      agent('c', { said: said({ status: 'COMPLETE' }) }),
      agent('d', { said: undefined, lastMessageAt: undefined }),
    ],
    tasks: [
      task('T-1', 'a', { files: ['src/ui/x.ts'] }),
      task('T-2', 'b', { files: ['src/ui/y.ts'], startMinute: 1 }),
      task('T-3', 'a', { completion: proof, startMinute: 2 }),
    ],
  };
  expect(found(over)).toEqual(['AGENT_DEAD: a is dead with T-1 unfinished']);
  const [action] = judge(over).actions;
  expect(action).toMatchObject({
    kind: 'reassign-task',
    policy: 'suggest',
    taskId: 'T-1',
    from: 'a',
    to: 'c',
    attempt: 1,
    reason: 'a is dead; c same role, has nothing left to do',
  });
});

test('a task that failed three times moves, and after two moves a person decides', () => {
  const failures = [1, 2, 3].map((minute) => ({
    agent: 'a',
    at: ago(minute),
    error: 'types do not build',
    isCured: false,
  }));
  const over: Partial<Snapshot> = {
    agents: [agent('a'), agent('b')],
    tasks: [task('T-1', 'a', { failures }), task('T-2', 'b', { dependsOn: ['T-1'], startMinute: 1 })],
  };
  expect(found(over)).toEqual([
    'TASK_FAILED_REPEATEDLY: T-1 failed 3 times with a',
    'CASCADE: T-1 failed, and T-2 depend on it',
  ]);
  expect(deeds(over)).toEqual(['suggest reassign-task:T-1#1']);
  const reassignments = [1, 2].map((n) => ({ id: `R-${n}`, taskId: 'T-1', from: 'x', to: 'a', at: ago(n) }));
  expect(deeds({ ...over, reassignments })).toEqual(['act raise-to-person:task:T-1']);
});

test('an idle agent is offered ready work of one that has more, unless files would be torn apart', () => {
  const over = (files: readonly string[]): Partial<Snapshot> => ({
    agents: [
      agent('a', { said: said({ taskId: 'T-1' }) }),
      agent('b', { said: said({ status: 'COMPLETE' }) }),
    ],
    tasks: [task('T-1', 'a', { files: ['src/a.ts'] }), task('T-2', 'a', { files, startMinute: 1 })],
  });
  expect(deeds(over(['src/z.ts']))).toEqual(['suggest rebalance-task:T-2']);
  expect(deeds(over(['src/a.ts']))).toEqual([]);
});

test('messages nobody takes up', () => {
  const handoff = {
    id: 'H',
    from: 'a',
    to: 'b',
    files: ['p'],
    state: 'requested',
    requestedAt: ago(20),
    movedAt: ago(20),
  } as const;
  const agents = [agent('a'), agent('b')];
  expect(found({ agents, handoffs: [handoff] })).toEqual([
    'HANDOFF_OVERDUE: b has not answered the handoff of p by a for 20m',
  ]);
  expect(found({ agents, handoffs: [{ ...handoff, to: 'ghost' }] })).toEqual([
    'HANDOFF_ADDRESSEE_UNKNOWN: a hands p to ghost, whom nobody knows',
  ]);
  expect(deeds({ agents, handoffs: [{ ...handoff, requestedAt: ago(61) }] })).toEqual([
    'act expire-handoff:H',
  ]);
  expect(
    found({
      agents,
      questions: [{ id: 'Q', from: 'a', to: 'b', at: ago(9), respondBy: ago(4), text: 'why?' }],
    }),
  ).toEqual(['QUESTION_OVERDUE: b has not answered a: why?']);
  expect(
    found({
      agents,
      controls: [{ id: 'C', command: 'pause', to: 'all', at: ago(9), deadline: ago(8), acks: ['a'] }],
    }),
  ).toEqual(['CONTROL_UNACKNOWLEDGED: b did not acknowledge "pause" in time']);
});

test('drift, blocks, stuck and silent agents, unknown dependencies, doubts', () => {
  expect(
    found({
      agents: [agent('a', { said: said({ status: 'BLOCKED', waitingFor: 'x', waitingSince: ago(16) }) })],
    }),
  ).toEqual(['LONG_BLOCK: a is BLOCKED for 16m, waiting for x']);
  expect(
    found({
      agents: [agent('a', { lastArtefactAt: ago(40), said: said({ taskId: 'T-1' }) })],
      tasks: [task('T-1', 'a')],
    }),
  ).toEqual(['AGENT_STUCK: a says it works on T-1, but no file of it changed for 40m']);
  expect(found({ agents: [agent('a', { lastMessageAt: ago(11) })] })).toEqual([
    'AGENT_SILENT: nothing was heard of a for 11m; whether it lives cannot be told',
  ]);
  expect(found({ tasks: [task('T-1', 'a', { dependsOn: ['T-9'] })] })).toEqual([
    'MISSING_DEPENDENCY: T-1 depends on T-9, which no plan holds',
  ]);
  expect(found({ tasks: [task('T-1', 'a', { missingFiles: ['src/T-1.ts'] })] })).toEqual([
    'PLAN_DRIFT: T-1 is to change src/T-1.ts, which no longer exists',
  ]);
  expect(found({ tasks: [task('T-1', 'a'), task('X', 'a', { isPlanned: false })] })).toEqual([
    'PLAN_DRIFT: a works on X, which no plan names',
  ]);
  expect(found({ doubts: [{ kind: 'clock-jump', message: 'the wall clock jumped' }] })).toEqual([
    'DOUBT: the wall clock jumped',
  ]);
  expect(found({ zones: [{ zone: 'migrations', running: ['a', 'b'], holders: [], evidence: [] }] })).toEqual([
    'ZONE_TWICE: a and b run "migrations" at the same time',
  ]);
});

test('the policy decides how far it goes, and an unknown word changes nothing', () => {
  const leases = [lease('a.ts', 'a', { holderLife: 'dead' })];
  const act = (settings: Record<string, string>): string | undefined =>
    reconcile(snapshot({ leases }), NOON, readPolicy(settings)).actions[0]?.policy;
  expect([act({}), act({ 'release-lease': 'report' }), act({ 'release-lease': 'whatever' })]).toEqual([
    'act',
    'report',
    'act',
  ]);
});

const ran = { agent: 'a', at: ago(2), command: 'npm test', exitCode: 0, commit: 'abc1234' };

test.each([
  ['complete', 'proven by "npm test" at abc1234', [ran]],
  ['claimed', 'the gate "npm run lint" was not run at abc1234', [ran], ['npm test', 'npm run lint']],
  ['claimed', 'the gate "npm test" exited with 2 at abc1234', [ran, { ...ran, exitCode: 2 }]],
  ['claimed', 'the gate "npm test" was run at def5678, not at abc1234', [{ ...ran, commit: 'def5678' }]],
])('a task whose gates are required is %s: %s', (state, why, evidence, gates = ['npm test']) => {
  const { tasks } = judge({ tasks: [task('T-1', 'a', { completion: proof, gates, evidence })] });
  expect(tasks.map((each) => [each.state, each.why])).toEqual([[state, why]]);
});

test('evidence counts for commits that the repository has, and names one where there are commits', () => {
  const why = (over: Partial<Snapshot>, commit: string | undefined = proof.commit): string | undefined => {
    const { commit: _, ...plain } = ran;
    const evidence = [commit === undefined ? plain : { ...plain, commit }];
    const completion = { ...proof, commit, evidence };
    return judge({ ...over, tasks: [task('T-1', 'a', { completion })] }).tasks[0]?.why;
  };
  const main = {
    path: '/r',
    branch: 'main',
    head: 'f00',
    agent: undefined,
    isMain: true,
    ahead: 0,
    behind: 0,
    dirty: [],
  };
  expect(why({ commits: new Map([['abc1234', undefined]]) })).toBe(
    'there is no commit abc1234 in this repository',
  );
  expect(why({ commits: new Map([['abc1234', 'tree']]), worktrees: [main] })).toBe(
    'proven by "npm test" at abc1234',
  );
  expect(
    judge({
      worktrees: [main],
      tasks: [
        task('T-1', 'a', {
          completion: { ...proof, commit: undefined, evidence: [{ command: 'x', exitCode: 0 }] },
        }),
      ],
    }).tasks[0]?.why,
  ).toBe('its evidence names no commit');
});

const checkpoint = (over: Partial<Snapshot['tasks'][number]> = {}): Partial<Snapshot> => ({
  agents: [agent('a'), agent('b')],
  tasks: [
    task('T-1', 'a', { completion: proof, isCheckpoint: true, ...over }),
    task('T-2', 'b', { dependsOn: ['T-1'], startMinute: 1 }),
  ],
});
const states = (over: Partial<Snapshot>): readonly string[] => judge(over).tasks.map(({ state }) => state);

test('a checkpoint that is reached holds its dependents and asks a person, once', () => {
  expect(states(checkpoint())).toEqual(['review', 'blocked']);
  expect(judge(checkpoint()).tasks[1]?.why).toBe('waits for T-1 (which a person has to approve)');
  expect(found(checkpoint())).toEqual([
    'CHECKPOINT_WAITING: T-1 is done and waits for a person (T-2 waits for it): squad-task approve T-1, or squad-task reject T-1 --reason "…"',
  ]);
  expect(deeds(checkpoint())).toEqual(['act raise-to-person:checkpoint:T-1@abc1234']);
  const told = { raised: [{ id: raiseId('checkpoint:T-1@abc1234'), at: ago(1) }] };
  expect(deeds({ ...checkpoint(), ...told })).toEqual([]);
});

test('an approved checkpoint lets its dependents begin, and their agents are told, once', () => {
  const approved = checkpoint({
    verdict: { kind: 'approved', by: 'human-ada', at: ago(1), reason: undefined },
  });
  expect(states(approved)).toEqual(['complete', 'ready']);
  const actions = judge(approved).actions;
  expect(actions).toMatchObject([
    {
      kind: 'tell-agent',
      agent: 'b',
      message: 'T-1 was approved by human-ada. T-2 can begin: squad-task start T-2',
    },
  ]);
  const [first] = actions;
  const id = first?.kind === 'tell-agent' ? first.messageId : '';
  expect(deeds({ ...approved, raised: [{ id, at: ago(0) }] })).toEqual([]);
});

test('a rejected checkpoint stays in review, and its own agent is told why', () => {
  const verdict = { kind: 'rejected', by: 'human-ada', at: ago(1), reason: 'totals are wrong' } as const;
  expect(states(checkpoint({ verdict }))).toEqual(['review', 'blocked']);
  expect(judge(checkpoint({ verdict })).actions).toMatchObject([
    {
      kind: 'tell-agent',
      agent: 'a',
      message:
        'T-1 was rejected by human-ada: totals are wrong. To do it again: squad-task retry T-1, then squad-task start T-1',
    },
  ]);
});

test('a task may be given to an idle agent, or moved by a person, without using up its two moves', () => {
  const over = (ids: readonly string[]): Partial<Snapshot> => ({
    agents: [agent('a', { processes: [dead] }), agent('b')],
    tasks: [task('T-1', 'a')],
    reassignments: ids.map((id) => ({ id, taskId: 'T-1', from: 'x', to: 'a', at: ago(9) })),
  });
  expect(deeds(over(['B-T-1-1', 'B-T-1-2', 'P-T-1-3']))).toEqual(['suggest reassign-task:T-1#1']);
  expect(deeds(over(['B-T-1-1', 'R-T-1-2']))).toEqual(['suggest reassign-task:T-1#2']);
  expect(deeds(over(['R-T-1-1', 'R-T-1-2']))).toEqual(['act raise-to-person:task:T-1']);
});

test('the move of a silent agent’s task is proposed, whatever the policy, where the schedule waits for it', () => {
  const silent = agent('a', { lastMessageAt: ago(40) });
  const over = (minutes: number): Partial<Snapshot> => ({
    agents: [silent, agent('b')],
    tasks: [
      // b's own two tasks follow one another by the schedule, without a dependency.
      task('T-1', 'a', { estimateMinutes: minutes, startedAt: ago(50) }),
      task('T-2', 'b', { estimateMinutes: 30, startedAt: ago(9) }),
      task('T-3', 'b', { estimateMinutes: 30, startMinute: 30 }),
    ],
  });
  const proposed = (minutes: number): readonly string[] =>
    reconcile(snapshot(over(minutes)), NOON, readPolicy({ 'reassign-task': 'act' }))
      .actions.filter(({ kind }) => kind === 'reassign-task')
      .map(({ policy, reason }) => `${policy} ${reason}`);
  expect(proposed(61)).toEqual([
    'suggest a is silent and T-1 is on the critical path; b same role, works in 1 of its folders, has 60 min of work left',
  ]);
  expect(proposed(59)).toEqual([]);
});
