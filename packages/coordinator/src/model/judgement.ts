import type { Gate } from '#tasks';
import type { Action } from './action.ts';
import type { Finding } from './finding.ts';
import type { ObservedAgent, ObservedTask } from './snapshot.ts';

/**
 * How an agent is doing. `dead` only by proof; `slow`: its process lives, or a lease is renewed, but nothing comes
 * of it; `unknown`: neither life nor death can be shown.
 */
export type Life = 'alive' | 'slow' | 'waiting' | 'idle' | 'dead' | 'unknown';

/** An agent with the judgement on it. */
export interface JudgedAgent extends ObservedAgent {
  readonly life: Life;
  /** The evidence for {@link JudgedAgent.life}, in words. */
  readonly because: readonly string[];
  /** The latest sign of life of any kind. */
  readonly lastSeenAt: number | undefined;
}

/**
 * Where a task stands, by what was observed; `claimed` is complete by word only, `review` proven and held until a person
 * approves.
 */
export type TaskState =
  | 'ready'
  | 'blocked'
  | 'active'
  | 'claimed'
  | 'review'
  | 'complete'
  | 'failed'
  | 'skipped';

/** A task with the judgement on it. */
export interface JudgedTask extends ObservedTask {
  readonly state: TaskState;
  readonly why: string;
  /** Each required command, and how it stands at the reported commit. */
  readonly gateResults: readonly Gate[];
}

/** What a tick concludes from its snapshot. */
export interface Judgement {
  readonly agents: readonly JudgedAgent[];
  readonly tasks: readonly JudgedTask[];
  readonly findings: readonly Finding[];
  readonly actions: readonly Action[];
}
