import type { Range } from './diagnostic.ts';
import type { Status } from './status.ts';

interface BlockBase {
  /** The agent in whose file the block stands: its author, whatever the block says. */
  readonly author: string;
  /** Milliseconds since the epoch; `undefined` when the block bears no readable time. */
  readonly at: number | undefined;
  /** Where the block stands in its file. */
  readonly range: Range;
  /** Fields that this version does not know, as written. */
  readonly extra: Readonly<Record<string, string>>;
}

/** A file the author says it changed. */
export interface ModifiedFile {
  readonly path: string;
  readonly note?: string;
}

/** `## Status Update`. */
export interface StatusBlock extends BlockBase {
  readonly kind: 'status';
  readonly status: Status;
  readonly taskId?: string;
  readonly taskTitle?: string;
  readonly filesModified: readonly ModifiedFile[];
  readonly done?: number;
  readonly total?: number;
  readonly next?: string;
  readonly waitingFor?: string;
  readonly waitingSince?: number;
  readonly alternative?: string;
  readonly note?: string;
}

/** `## Handoff Request`: gives `files` to `to`. */
export interface HandoffRequestBlock extends BlockBase {
  readonly kind: 'handoff-request';
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly files: readonly string[];
  readonly state?: string;
  readonly notes?: string;
}

/** `## Handoff Accepted`, `Declined`, `Completed`, `Withdrawn` or `Expired`, by the request's id. */
export interface HandoffMoveBlock extends BlockBase {
  readonly kind: 'handoff-move';
  /** Empty when a person left it out; then `files` tells which request is meant. */
  readonly id: string;
  readonly files?: readonly string[];
  readonly move: 'accepted' | 'declined' | 'completed' | 'withdrawn' | 'expired';
  readonly reason?: string;
}

/** One command that was run to prove a task, and how it ended. It proves that task of that agent at that commit, nothing else. */
export interface Evidence {
  readonly command: string;
  readonly exitCode: number;
  readonly commit?: string;
  /** Git's id of the files that it ran on, where they were not exactly the commit's. */
  readonly tree?: string;
}

/** `## Completion Report`. Without evidence it is a claim. */
export interface CompletionBlock extends BlockBase {
  readonly kind: 'completion';
  readonly taskId?: string;
  readonly summary?: string;
  readonly filesModified: readonly ModifiedFile[];
  readonly evidence: readonly Evidence[];
}

/** `## Gate Result`: commands run for a task that is not reported complete, whether they succeeded or failed. */
export interface GateBlock extends BlockBase {
  readonly kind: 'gate';
  readonly taskId?: string;
  readonly evidence: readonly Evidence[];
}

/** `## Question`, `## Answer`, `## Broadcast`, `## Ack`. */
export interface MessageBlock extends BlockBase {
  readonly kind: 'question' | 'answer' | 'broadcast' | 'ack';
  readonly id: string;
  readonly to?: string;
  readonly text: string;
  readonly respondBy?: number;
}

/** `## Error Report`. */
export interface ErrorReportBlock extends BlockBase {
  readonly kind: 'error-report';
  readonly taskId?: string;
  readonly error: string;
  readonly attempts: readonly string[];
}

/** `## Ownership Request`: asks for a path that another owns. */
export interface OwnershipRequestBlock extends BlockBase {
  readonly kind: 'ownership-request';
  readonly id: string;
  readonly path: string;
  readonly reason?: string;
}

/** `## Task Reassignment Notice`, from the coordinator. */
export interface ReassignmentBlock extends BlockBase {
  readonly kind: 'reassignment';
  readonly id: string;
  readonly taskId: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly details: Readonly<Record<string, string>>;
}

/** `## Control`: pause, resume or stop, from the coordinator to one agent or `all`. */
export interface ControlBlock extends BlockBase {
  readonly kind: 'control';
  readonly id: string;
  readonly command: 'pause' | 'resume' | 'stop';
  readonly to: string;
  readonly reason?: string;
  readonly deadline?: number;
}

/** One block of a comm file. */
export type CommBlock =
  | StatusBlock
  | HandoffRequestBlock
  | HandoffMoveBlock
  | CompletionBlock
  | GateBlock
  | MessageBlock
  | ErrorReportBlock
  | OwnershipRequestBlock
  | ReassignmentBlock
  | ControlBlock;
