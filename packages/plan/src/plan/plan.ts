import type { Barriers } from '../allocate/soft-barriers.ts';
import type { Access, Diagnostic } from '#protocol';
import type { Confidence } from '../infer/confidence.ts';
import type { Skipped } from '../model.ts';
import type { ProposedRegions } from './regions.ts';
import type { SharedChoice } from './shared-choices.ts';

/** A value and the reason for it. */
export interface Reasons {
  /** Why the plan has the task though the document does not state it. */
  readonly added?: string;
  readonly agent: string;
  readonly estimate: string;
  readonly area: string;
  /** By path. */
  readonly files: Readonly<Record<string, string>>;
  /** How sure each path is. */
  readonly confidence: Readonly<Record<string, Confidence>>;
  /** By task id. */
  readonly dependsOn: Readonly<Record<string, string>>;
}

/** A file that a task may change though nothing says so. */
export interface LikelyFile {
  readonly path: string;
  readonly confidence: Confidence;
  readonly why: string;
}

/** One task as planned. */
export interface PlannedTask {
  readonly id: string;
  readonly title: string;
  readonly agent: string;
  readonly files: {
    readonly create: readonly string[];
    readonly modify: readonly string[];
    readonly read: readonly string[];
  };
  /** Files that may change too, by imports and history: guesses that nobody owns because of them. */
  readonly likely: readonly LikelyFile[];
  readonly dependsOn: readonly string[];
  readonly estimateMinutes: number;
  readonly startMinute: number;
  /** Done and running tasks stay as they were planned. */
  readonly state: 'planned' | 'running' | 'done';
  /** Minutes that the task may slip without lengthening the whole. */
  readonly slackMinutes: number;
  readonly priority: string | undefined;
  readonly acceptance: readonly string[];
  /** Commands that must succeed before it counts as complete. */
  readonly gates: readonly string[];
  /** True: a person approves it before dependents start. */
  readonly isCheckpoint: boolean;
  readonly area: string | undefined;
  /** What its agent can do meanwhile if the task cannot start. */
  readonly alternative: string | undefined;
  readonly why: Reasons;
}

/** One agent as planned. */
export interface PlannedAgent {
  readonly id: string;
  readonly role: string;
  /** Repo-relative path of its plan. */
  readonly plan: string;
  /** In the order in which it starts them. */
  readonly tasks: readonly string[];
  readonly busyMinutes: number;
}

/** One row of the ownership matrix as planned. */
export interface OwnershipRow {
  /** Repo-rooted, with a leading `/`. */
  readonly path: string;
  readonly owner: string;
  readonly access: Access;
  readonly order: readonly string[];
  readonly why: string;
}

/** A file that changes hands. */
export interface PlannedHandoff {
  readonly path: string;
  readonly fromTask: string;
  readonly fromAgent: string;
  readonly toTask: string;
  readonly toAgent: string;
  readonly minute: number;
}

/** A moment at which several agents must have finished something. */
export interface SyncPoint {
  readonly name: string;
  readonly minute: number;
  readonly tasks: readonly string[];
}

/** What another number of agents would give. */
export interface Alternative {
  readonly agents: number;
  readonly makespanMinutes: number;
  /** Share of the agents' time that is work, in percent. */
  readonly efficiency: number;
  readonly handoffs: number;
}

/** When everything would end, with as many agents, by how phases bind: as planned, and for the other ways as a quick play has it. */
export interface PhaseCost {
  readonly barriers: Barriers;
  readonly strictMinutes: number;
  readonly softMinutes: number;
  readonly offMinutes: number;
}

/** A difference from the plan before. */
export interface Change {
  readonly id: string;
  readonly kind: 'added' | 'moved' | 'dropped' | 'kept';
  readonly from?: string;
  readonly to?: string;
  readonly why: string;
}

/** Everything `squad-allocate` decides, before it is written anywhere. */
export interface Plan {
  readonly feature: string;
  readonly source: string;
  readonly prdHash: string;
  readonly format: string;
  readonly agents: readonly PlannedAgent[];
  readonly tasks: readonly PlannedTask[];
  readonly ownership: readonly OwnershipRow[];
  readonly handoffs: readonly PlannedHandoff[];
  /** Files that several tasks write: what was chosen for each, why, and the parallelism lost. */
  readonly sharedFiles: readonly SharedChoice[];
  /** Files written in turn that could be parted into regions; told to people, never done. */
  readonly regions: readonly ProposedRegions[];
  readonly syncPoints: readonly SyncPoint[];
  /** Tasks that could run at the same time, by how many tasks must come before. */
  readonly waves: readonly (readonly string[])[];
  /** What differs from the plans before; empty for a first plan. */
  readonly changes: readonly Change[];
  readonly makespanMinutes: number;
  readonly lowerBoundMinutes: number;
  readonly lowerBoundKind: string;
  readonly criticalPath: readonly string[];
  readonly alternatives: readonly Alternative[];
  /** What the document's phases cost: absent where it has none, or too many tasks to play that through. */
  readonly phases?: PhaseCost;
  readonly agentsWhy: string;
  /** What a handoff was taken to cost when the number of agents was chosen: measured or assumed. */
  readonly handoffWhy: string;
  /** Who there is, and who said so. */
  readonly rosterWhy: string;
  readonly skipped: readonly Skipped[];
  readonly diagnostics: readonly Diagnostic[];
}
