import { isSameAgent } from '#comms';
import type { Config } from '#config';
import { knownFilesystem } from '#lock';
import { readOwnership, resolveOwner, isOwner, type CompiledMatrix } from '#ownership';
import { isSquadError, requireDuration, type Clock, type PlanHeader } from '#protocol';
import type { Store } from '#store';
import type {
  Doubt,
  ObservedAgent,
  ObservedChange,
  ObservedZoneUse,
  Patience,
  Snapshot,
} from '../model/snapshot.ts';
import { groupBy } from '../model/group-by.ts';
import { latest } from '../reconcile/judge-agent.ts';
import { overlaps } from '../reconcile/waiting-graph.ts';
import { followComms, type CommState } from './comm-follower.ts';
import { withDeathProofs } from './death-proofs.ts';
import { followPlans } from './follow-plans.ts';
import { followTaskGraph } from './follow-task-graph.ts';
import type { LeaseObservation, LeaseSource } from './lease-source.ts';
import { watchGit, type GitObservation, type GitQuestion } from './look-at-git.ts';
import { lookUpCommits } from './look-up-commits.ts';
import { observeTasks } from './observe-tasks.ts';
import { readSessions } from './read-sessions.ts';
import { readWorktreeOwners } from './read-worktree-owners.ts';
import { lookAtZones, type ZoneQuestion } from './watch-zones.ts';

/** What an observer looks with and at. */
export interface ObserverPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly squadDir: string;
  readonly mainRoot: string;
  readonly leases: LeaseSource;
  readonly config: Config;
  /** Stands in for git in a simulation. */
  readonly git?: (question: GitQuestion) => Promise<GitObservation>;
  /** Stands in for the records of client sessions. */
  readonly sessions?: () => LeaseObservation['processes'];
  /** Stands in for the processes that run. */
  readonly zones?: (question: ZoneQuestion) => readonly ObservedZoneUse[];
}

/** Looks at everything once; what did not change since the last look is not read again. */
export type Observer = (look: { readonly git: boolean }) => Promise<Snapshot>;

/** Makes an observer of one repository. */
export function createObserver(ports: ObserverPorts): Observer {
  const { store, squadDir } = ports;
  const comms = followComms(store, squadDir);
  const plans = followPlans(store, squadDir);
  const graph = followTaskGraph(store, squadDir, ports.mainRoot);
  const git = ports.git ?? watchGit(store);
  const sessions = ports.sessions ?? (() => readSessions(store, squadDir));
  const lookAt = ports.zones ?? ((question: ZoneQuestion) => lookAtZones(store, question));
  const commitsOf = lookUpCommits(ports.mainRoot);
  const patience = patienceOf(ports.config);
  let lastGit: GitObservation | undefined;
  return async (look) => {
    const said = comms();
    const { plans: planned, unreadable } = plans();
    const headers = planned.length + unreadable.length > 0 ? planned : graph();
    const leases = ports.leases.observe();
    const processes = withDeathProofs(store, squadDir, [...sessions(), ...leases.processes]);
    const ids = agentIds(headers, said, [
      ...leases.leases.map(({ agent }) => agent),
      ...processes.map(({ agent }) => agent),
    ]);
    const commits = await commitsOf(said.ledger.words.commits(), look.git);
    if (look.git || lastGit === undefined) {
      const begun = [...said.ledger.begun.values()].flatMap(({ at }) => (at === undefined ? [] : [at]));
      const sinceMs = begun.length === 0 ? undefined : Math.min(...begun);
      lastGit = await git({
        mainRoot: ports.mainRoot,
        agents: ids,
        worktreeOf: readWorktreeOwners(store, squadDir),
        sinceMs,
      });
    }
    const matrix = await readMatrix(ports);
    const zones = lookAt({
      mainRoot: ports.mainRoot,
      matrix: matrix.value,
      worktrees: lastGit.worktrees,
      leases: leases.leases,
      processes,
    });
    const seen = { said, headers, unreadable, leases, processes, ids, commits, zones, git: lastGit };
    return assemble({ ports, seen, matrix, patience });
  };
}

interface Sources {
  readonly ports: ObserverPorts;
  readonly seen: Omit<AgentSources, 'changes'> & {
    readonly unreadable: readonly string[];
    readonly ids: readonly string[];
    readonly commits: Snapshot['commits'];
    readonly zones: Snapshot['zones'];
  };
  readonly matrix: MatrixReading;
  readonly patience: Patience;
}

function assemble({ ports, seen, matrix, patience }: Sources): Snapshot {
  const { said, headers, leases, git } = seen;
  const changes = ownedChanges({ said, git, matrix: matrix.value, plans: headers, root: ports.mainRoot });
  const { ledger } = said;
  return {
    at: ports.clock.wallMs(),
    agents: seen.ids.map((id) => agentOf(id, { ...seen, changes })),
    tasks: observeTasks(headers, { ledger, tracked: git.tracked, gates: ports.config.task.gates }),
    leases: leases.leases,
    waits: leases.waits,
    changes,
    worktrees: git.worktrees,
    mergeConflicts: git.mergeConflicts,
    handoffs: ledger.handoffs(),
    questions: ledger.questions(),
    controls: ledger.controls(),
    reassignments: ledger.reassignments,
    commits: seen.commits,
    raised: [...ledger.raised].map(([id, at]) => ({ id, at })),
    zones: seen.zones,
    doubts: [
      ...seen.unreadable.map((name): Doubt => ({
        kind: 'unreadable-plan',
        message: `the plan ${name} cannot be read`,
      })),
      ...matrix.doubts,
      ...doubtsOf(ports, said),
    ],
    diagnostics: said.diagnostics,
    patience,
  };
}

// What weakens everything else that is observed.
function doubtsOf({ store, squadDir }: ObserverPorts, { diagnostics }: CommState): readonly Doubt[] {
  const verdict = knownFilesystem(store, squadDir)?.verdict;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return [
    ...(verdict === undefined || verdict.kind === 'safe'
      ? []
      : [{ kind: 'weak-filesystem' as const, message: verdict.message }]),
    ...(first === undefined
      ? []
      : [
          {
            kind: 'unreadable-comms' as const,
            message: `${errors.length} ${errors.length === 1 ? 'block' : 'blocks'} of comm files cannot be read, the first in ${first.path ?? ''}:${first.range?.start.line ?? 1}: ${first.message}`,
          },
        ]),
  ];
}

interface MatrixReading {
  readonly value: CompiledMatrix | undefined;
  readonly doubts: readonly Doubt[];
}

function patienceOf({ sync }: Config): Patience {
  const silentAfterMs = requireDuration(sync.silentAfter);
  const longBlockMs = requireDuration(sync.longBlock);
  return { silentAfterMs, longBlockMs, handoffMs: longBlockMs, stuckAfterMs: silentAfterMs * 3 };
}

async function readMatrix(ports: ObserverPorts): Promise<MatrixReading> {
  try {
    return { value: await readOwnership(ports.store, ports.squadDir), doubts: [] };
  } catch (error) {
    if (!isSquadError(error, 'INPUT_INVALID')) throw error;
    const message = `ownership.yaml cannot be read, so no change is judged: ${error.message.split('\n')[0] ?? ''}`;
    return { value: undefined, doubts: [{ kind: 'source-missing', message }] };
  }
}

function agentIds(
  plans: readonly PlanHeader[],
  said: CommState,
  others: readonly string[],
): readonly string[] {
  const named = [
    ...plans.map(({ agent }) => agent),
    ...said.ledger.lastMessageAt.keys(),
    ...said.ledger.said.keys(),
    ...others,
  ];
  const unique = new Map(named.map((id) => [id.toLowerCase(), id] as const).toReversed());
  unique.delete('coordinator');
  unique.delete('');
  return [...unique.values()].toSorted();
}

interface AgentSources {
  readonly said: CommState;
  readonly headers: readonly PlanHeader[];
  readonly processes: LeaseObservation['processes'];
  readonly leases: LeaseObservation;
  readonly git: GitObservation;
  readonly changes: readonly ObservedChange[];
}

function agentOf(id: string, from: AgentSources): ObservedAgent {
  const { ledger } = from.said;
  const plan = from.headers.find(({ agent }) => isSameAgent(agent, id));
  const own = from.leases.leases.filter(({ agent }) => isSameAgent(agent, id));
  const inMain = from.git.mainDirty.filter(({ path }) => own.some((lease) => overlaps(lease.path, path)));
  const artefacts = from.changes.filter(
    ({ agent, source }) => source !== 'message' && isSameAgent(agent, id),
  );
  return {
    id,
    role: plan?.role,
    hasPlan: plan !== undefined,
    said: ledger.said.get(id),
    lastMessageAt: ledger.lastMessageAt.get(id),
    lastArtefactAt: latest([...inMain.map(({ at }) => at), ...artefacts.map(({ at }) => at)]),
    lastRenewalAt: latest(own.map(({ renewedAt }) => renewedAt)),
    processes: from.processes.filter(({ agent }) => isSameAgent(agent, id)).map(({ process }) => process),
  };
}

function ownedChanges(from: {
  said: CommState;
  git: GitObservation;
  matrix: CompiledMatrix | undefined;
  plans: readonly PlanHeader[];
  root: string;
}): readonly ObservedChange[] {
  const { matrix } = from;
  if (matrix === undefined) return [];
  const spoken = [...from.said.ledger.changes.values()].map((change) => ({
    ...change,
    worktree: from.root,
    source: 'message' as const,
  }));
  const roles = groupBy(from.plans, ({ agent }) => agent.toLowerCase());
  const judge = memoise((path) => {
    const resolution = resolveOwner(matrix, path);
    return resolution.kind === 'ambiguous' ? undefined : resolution.rule;
  });
  return [...spoken, ...from.git.changes].flatMap((change) => {
    const rule = judge(change.path);
    if (rule === undefined) return [];
    const actor = {
      agent: change.agent,
      roles: (roles.get(change.agent.toLowerCase()) ?? []).map(({ role }) => role),
    };
    const { access, owner } = rule;
    const mayWrite = access === 'EXCLUSIVE' ? isOwner(owner, actor) : access !== 'READ-ONLY';
    return [{ ...change, owner, access, mayWrite }];
  });
}

function memoise<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
