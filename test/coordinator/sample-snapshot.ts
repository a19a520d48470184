import type { ObservedAgent, ObservedLease, ObservedTask, Snapshot } from '#coordinator';

/** Noon of the tests' day. */
export const NOON: number = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;

/** That many minutes before noon. */
export function ago(minutes: number): number {
  return NOON - minutes * MINUTE;
}

/** An agent that was heard of a minute ago and works. */
export function agent(id: string, over: Partial<ObservedAgent> = {}): ObservedAgent {
  return {
    id,
    role: 'developer',
    hasPlan: true,
    said: said(),
    lastMessageAt: ago(1),
    lastArtefactAt: undefined,
    lastRenewalAt: undefined,
    processes: [],
    ...over,
  };
}

/** A status as an agent says it. */
export function said(
  over: Partial<NonNullable<ObservedAgent['said']>> = {},
): NonNullable<ObservedAgent['said']> {
  return {
    status: 'ACTIVE',
    at: ago(1),
    taskId: undefined,
    taskTitle: undefined,
    done: undefined,
    total: undefined,
    next: undefined,
    waitingFor: undefined,
    waitingSince: undefined,
    ...over,
  };
}

/** A planned task of ten minutes. */
export function task(id: string, owner: string, over: Partial<ObservedTask> = {}): ObservedTask {
  return {
    id,
    title: `Task ${id}`,
    agent: owner,
    isPlanned: true,
    wasMoved: false,
    dependsOn: [],
    files: [`src/${id}.ts`],
    missingFiles: [],
    estimateMinutes: 10,
    startMinute: 0,
    startedAt: undefined,
    completion: undefined,
    failures: [],
    gates: [],
    evidence: [],
    isCheckpoint: false,
    verdict: undefined,
    skippedBy: undefined,
    reopenedAt: undefined,
    ...over,
  };
}

/** A live lease, taken five minutes ago. */
export function lease(path: string, holder: string, over: Partial<ObservedLease> = {}): ObservedLease {
  return {
    path,
    agent: holder,
    token: 1,
    purpose: undefined,
    acquiredAt: ago(5),
    renewedAt: ago(5),
    expiresAt: NOON + 25 * MINUTE,
    isExpired: false,
    holderLife: 'unknown',
    ...over,
  };
}

/** Nothing at all, at noon. */
export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    at: NOON,
    agents: [],
    tasks: [],
    leases: [],
    waits: [],
    changes: [],
    worktrees: [],
    mergeConflicts: [],
    handoffs: [],
    questions: [],
    controls: [],
    reassignments: [],
    commits: new Map(),
    raised: [],
    zones: [],
    doubts: [],
    diagnostics: [],
    patience: {
      silentAfterMs: 10 * MINUTE,
      longBlockMs: 15 * MINUTE,
      handoffMs: 15 * MINUTE,
      stuckAfterMs: 30 * MINUTE,
    },
    ...over,
  };
}
