/** What can be wrong. The first six make `squad-sync --once` exit 1. */
export const FINDING_KINDS = [
  'STALE_LOCK',
  'MULTIPLE_MODIFICATIONS',
  'OUTSIDE_OWNERSHIP',
  'WAITING_CYCLE',
  'MERGE_CONFLICT',
  'ZONE_TWICE',
  'LONG_BLOCK',
  'MISSING_DEPENDENCY',
  'HANDOFF_OVERDUE',
  'HANDOFF_ADDRESSEE_UNKNOWN',
  'QUESTION_OVERDUE',
  'AGENT_SILENT',
  'AGENT_DEAD',
  'AGENT_STUCK',
  'TASK_FAILED_REPEATEDLY',
  'CASCADE',
  'PLAN_DRIFT',
  'CLAIM_WITHOUT_EVIDENCE',
  'CONTROL_UNACKNOWLEDGED',
  'CHECKPOINT_WAITING',
  'CHECKPOINT_REJECTED',
  'DOUBT',
] as const;

/** One of {@link FINDING_KINDS}. */
export type FindingKind = (typeof FINDING_KINDS)[number];

const CONFLICTS: ReadonlySet<FindingKind> = new Set([
  'STALE_LOCK',
  'MULTIPLE_MODIFICATIONS',
  'OUTSIDE_OWNERSHIP',
  'WAITING_CYCLE',
  'MERGE_CONFLICT',
  'ZONE_TWICE',
]);

/** One thing that is wrong or may go wrong, with what it was seen by. */
export interface Finding {
  /** The same in every tick as long as the thing lasts. */
  readonly key: string;
  readonly kind: FindingKind;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly agents: readonly string[];
  readonly tasks: readonly string[];
  readonly paths: readonly string[];
  /** Milliseconds since the epoch, where it is known. */
  readonly since: number | undefined;
  readonly evidence: readonly string[];
}

/** Facts of a finding; what is left out is empty. */
export interface FindingDraft {
  readonly key: string;
  readonly kind: FindingKind;
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly agents?: readonly string[];
  readonly tasks?: readonly string[];
  readonly paths?: readonly string[];
  readonly since?: number | undefined;
  readonly evidence?: readonly string[];
}

/** Completes a draft; the kind becomes part of the key. */
export function finding(draft: FindingDraft): Finding {
  return {
    agents: [],
    tasks: [],
    paths: [],
    evidence: [],
    ...draft,
    key: `${draft.kind}:${draft.key}`,
    since: draft.since,
  };
}

/** True for findings that mean work may be lost or nobody can go on: `squad-sync --once` exits 1. */
export function isConflict(finding: Finding): boolean {
  return CONFLICTS.has(finding.kind);
}
