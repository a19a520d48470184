/** What the coordinator can do. */
export const ACTION_KINDS = [
  'release-lease',
  'break-cycle',
  'expire-handoff',
  'reassign-task',
  'raise-to-person',
  'rebalance-task',
  'tell-agent',
] as const;

/** One of {@link ACTION_KINDS}. */
export type ActionKind = (typeof ACTION_KINDS)[number];

/** How far the coordinator goes: only say it, propose the command, or do it. */
export type Policy = 'report' | 'suggest' | 'act';

/** Acts on what is provable, suggests the rest. */
export const DEFAULT_POLICY: Readonly<Record<ActionKind, Policy>> = {
  'release-lease': 'act',
  'break-cycle': 'act',
  'expire-handoff': 'act',
  'reassign-task': 'suggest',
  'raise-to-person': 'act',
  'rebalance-task': 'suggest',
  'tell-agent': 'act',
};

interface ActionBase {
  /** The same for the same deed, so that it is never done twice. */
  readonly key: string;
  readonly reason: string;
  readonly evidence: readonly string[];
  /** How to take it back: a command, or why there is nothing to take back. */
  readonly undo: string;
  readonly policy: Policy;
}

/** Ends a lease whose holder is provably dead, or that expired. */
export interface ReleaseLease extends ActionBase {
  readonly kind: 'release-lease';
  readonly path: string;
  readonly token: number;
  readonly agent: string;
}

/** Ends the victim's lease so that the others of a waiting cycle can go on. */
export interface BreakCycle extends ActionBase {
  readonly kind: 'break-cycle';
  readonly path: string;
  readonly token: number;
  readonly agent: string;
}

/** Ends a handoff request that nobody took up. */
export interface ExpireHandoff extends ActionBase {
  readonly kind: 'expire-handoff';
  readonly handoffId: string;
}

/** Moves a task with everything that belongs to it to another agent. */
export interface ReassignTask extends ActionBase {
  readonly kind: 'reassign-task';
  readonly taskId: string;
  readonly from: string;
  readonly to: string;
  readonly attempt: number;
  /** A person decided so: it does not count towards the moves that are allowed. */
  readonly isByPerson?: boolean;
}

/** Tells a person that nobody else can decide this. */
export interface RaiseToPerson extends ActionBase {
  readonly kind: 'raise-to-person';
  readonly subject: string;
  readonly message: string;
}

/** Gives a ready task of a busy agent to an idle one. */
export interface RebalanceTask extends ActionBase {
  readonly kind: 'rebalance-task';
  readonly taskId: string;
  readonly from: string;
  readonly to: string;
}

/** Tells an agent, once, what a person decided on a checkpoint. */
export interface TellAgent extends ActionBase {
  readonly kind: 'tell-agent';
  readonly agent: string;
  readonly messageId: string;
  readonly message: string;
}

/** One deed. */
export type Action =
  | ReleaseLease
  | BreakCycle
  | ExpireHandoff
  | ReassignTask
  | RaiseToPerson
  | RebalanceTask
  | TellAgent;
