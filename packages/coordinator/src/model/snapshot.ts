import type { Handoff } from '#comms';
import type { GateEvidence } from '#tasks';
import type { Access, Diagnostic, Evidence, Status } from '#protocol';
import type { Liveness } from '#store';

/** What a plan or the agents themselves say of a task. */
export interface ObservedTask {
  readonly id: string;
  readonly title: string;
  /** Who has it by plan; empty when only messages name it. */
  readonly agent: string;
  readonly isPlanned: boolean;
  /** Taken from the agent whose plan it stood in first. */
  readonly wasMoved: boolean;
  readonly dependsOn: readonly string[];
  readonly files: readonly string[];
  /** Of {@link ObservedTask.files}, those it should change and that are gone. */
  readonly missingFiles: readonly string[];
  readonly estimateMinutes: number;
  readonly startMinute: number;
  /** First time an agent said it works on it. */
  readonly startedAt: number | undefined;
  readonly completion: ObservedCompletion | undefined;
  /** Commands that must succeed before it counts as complete. */
  readonly gates: readonly string[];
  /** What its agent ran for it, reported complete or not; oldest first. */
  readonly evidence: readonly GateEvidence[];
  /** True: once complete, a person approves before dependents start. */
  readonly isCheckpoint: boolean;
  /** The last word of a person on the reported completion. */
  readonly verdict: ObservedVerdict | undefined;
  /** Somebody left it out; its dependents may start. */
  readonly skippedBy: string | undefined;
  /** When it was last opened again; what was said of it before is over. */
  readonly reopenedAt: number | undefined;
  /** Error reports and FAILED statuses so far, oldest first. */
  readonly failures: readonly ObservedFailure[];
}

/** A completion report. Without evidence it is a claim. */
export interface ObservedCompletion {
  readonly agent: string;
  readonly at: number | undefined;
  readonly evidence: readonly Evidence[];
  /** The commit that all its evidence is of; `undefined` when it names none. */
  readonly commit: string | undefined;
  /** Its author said itself that not everything was committed. */
  readonly hasUncommitted: boolean;
}

/** A person's word on a checkpoint. */
export interface ObservedVerdict {
  readonly kind: 'approved' | 'rejected';
  readonly by: string;
  readonly at: number | undefined;
  readonly reason: string | undefined;
}

/** One failure of a task. */
export interface ObservedFailure {
  readonly agent: string;
  readonly at: number | undefined;
  readonly error: string;
  /** The same agent reported the task complete afterwards. */
  readonly isCured: boolean;
}

/** The last that an agent said of itself. */
export interface SaidStatus {
  readonly status: Status;
  readonly at: number | undefined;
  readonly taskId: string | undefined;
  readonly taskTitle: string | undefined;
  readonly done: number | undefined;
  readonly total: number | undefined;
  readonly next: string | undefined;
  readonly waitingFor: string | undefined;
  readonly waitingSince: number | undefined;
}

/** A process or client session that acts for an agent. */
export interface ObservedProcess {
  readonly pid: number;
  readonly host: string;
  readonly life: Liveness;
  /** Where it was learned: `session`, `lease`. */
  readonly source: string;
  readonly seenAt: number | undefined;
}

/** Everything known of one agent, before any judgement. */
export interface ObservedAgent {
  readonly id: string;
  readonly role: string | undefined;
  readonly hasPlan: boolean;
  readonly said: SaidStatus | undefined;
  /** Time of the last block in its file. */
  readonly lastMessageAt: number | undefined;
  /** Last change of a file or commit that is its own. */
  readonly lastArtefactAt: number | undefined;
  readonly lastRenewalAt: number | undefined;
  readonly processes: readonly ObservedProcess[];
}

/** One held lease. */
export interface ObservedLease {
  readonly path: string;
  readonly agent: string;
  readonly token: number;
  readonly purpose: string | undefined;
  readonly acquiredAt: number;
  readonly renewedAt: number | undefined;
  readonly expiresAt: number;
  readonly isExpired: boolean;
  readonly holderLife: Liveness;
}

/** One agent in a lock's queue. */
export interface ObservedWait {
  readonly agent: string;
  readonly paths: readonly string[];
  readonly since: number;
}

/** A path that an agent changed: by its own word, a commit, or a dirty file in its own worktree. */
export interface ObservedChange {
  readonly path: string;
  readonly agent: string;
  readonly worktree: string;
  readonly source: 'message' | 'commit' | 'worktree';
  readonly at: number | undefined;
  readonly owner: string;
  readonly access: Access;
  readonly mayWrite: boolean;
}

/** One checkout, as git sees it. */
export interface ObservedWorktree {
  readonly path: string;
  readonly branch: string | undefined;
  readonly head: string | undefined;
  readonly agent: string | undefined;
  readonly isMain: boolean;
  readonly ahead: number;
  readonly behind: number;
  readonly dirty: readonly string[];
}

/** Two worktrees that would not merge. */
export interface ObservedMergeConflict {
  readonly agents: readonly [string, string];
  readonly branches: readonly [string, string];
  readonly paths: readonly string[];
}

/** A question nobody answered. */
export interface ObservedQuestion {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly at: number | undefined;
  readonly respondBy: number | undefined;
  readonly text: string;
}

/** A pause, resume or stop, and who has acknowledged it. */
export interface ObservedControl {
  readonly id: string;
  readonly command: 'pause' | 'resume' | 'stop';
  readonly to: string;
  readonly at: number | undefined;
  readonly deadline: number | undefined;
  readonly acks: readonly string[];
}

/** How the id of a notice begins: a task taken from one that failed it, given to one that idles, or moved by a person. */
export const REASSIGNED_BY = { need: 'R', balance: 'B', person: 'P' } as const;

/** A reassignment that was announced. */
export interface ObservedReassignment {
  /** Begins with {@link REASSIGNED_BY} of who moved it. */
  readonly id: string;
  readonly taskId: string;
  readonly from: string;
  readonly to: string;
  readonly at: number | undefined;
}

/** Something a person was told. */
export interface ObservedRaise {
  readonly id: string;
  readonly at: number | undefined;
}

/** A never-parallel operation, seen running. */
export interface ObservedZoneUse {
  readonly zone: string;
  /** Who runs it, once for each run: an agent, or `process <pid>` of nobody known. */
  readonly running: readonly string[];
  /** Who holds its lease. */
  readonly holders: readonly string[];
  readonly evidence: readonly string[];
}

/** Something the coordinator is not sure of in its own observation. */
export interface Doubt {
  readonly kind:
    | 'clock-jump'
    | 'event-storm'
    | 'unreadable-comms'
    | 'unreadable-journal'
    | 'unreadable-plan'
    | 'weak-filesystem'
    | 'source-missing';
  readonly message: string;
}

/** How long things may last before they are reported; all in milliseconds. */
export interface Patience {
  readonly silentAfterMs: number;
  readonly longBlockMs: number;
  readonly handoffMs: number;
  readonly stuckAfterMs: number;
}

/** The whole observed state at one moment: plain data, all that reconciling may know. */
export interface Snapshot {
  readonly at: number;
  readonly agents: readonly ObservedAgent[];
  readonly tasks: readonly ObservedTask[];
  readonly leases: readonly ObservedLease[];
  readonly waits: readonly ObservedWait[];
  readonly changes: readonly ObservedChange[];
  readonly worktrees: readonly ObservedWorktree[];
  readonly mergeConflicts: readonly ObservedMergeConflict[];
  readonly handoffs: readonly Handoff[];
  readonly questions: readonly ObservedQuestion[];
  readonly controls: readonly ObservedControl[];
  readonly reassignments: readonly ObservedReassignment[];
  /** Commits that evidence names: the tree of each that this repository has. */
  readonly commits: ReadonlyMap<string, string | undefined>;
  readonly raised: readonly ObservedRaise[];
  readonly zones: readonly ObservedZoneUse[];
  readonly doubts: readonly Doubt[];
  readonly diagnostics: readonly Diagnostic[];
  readonly patience: Patience;
}
