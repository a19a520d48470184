import type { Client } from './client.ts';
import type { TextEdit } from './text-edits.ts';

/** The moments at which a client asks the guard. */
export const GUARD_EVENTS = [
  'session-start',
  'prompt',
  'pre-tool',
  'post-tool',
  'stop',
  'session-end',
] as const;

/** One of {@link GUARD_EVENTS}. */
export type GuardEvent = (typeof GUARD_EVENTS)[number];

/** What a tool is about to do, or did, as far as the guard judges it. */
export type ToolUse =
  | {
      readonly kind: 'edit';
      readonly tool: string;
      readonly paths: readonly string[];
      /** Its paths stand in a patch; one that names none is the client's to refuse. */
      readonly isPatch: boolean;
      /** What becomes of the texts; worked out only when somebody asks. */
      readonly edits: () => readonly TextEdit[];
    }
  | { readonly kind: 'shell'; readonly tool: string; readonly command: string }
  /** Reads, searches, sub-agents, other servers' tools: nothing that the guard judges. */
  | { readonly kind: 'other'; readonly tool: string };

/** One hook call, the same for every client. */
export interface HookRequest {
  readonly client: Client;
  /** `other`: an event that the guard leaves alone. */
  readonly event: GuardEvent | 'other';
  /** The client's own name of the event; answers must repeat it. */
  readonly hookName: string;
  readonly sessionId: string | undefined;
  /** The sub-agent or team mate inside the session. It shares the session's identity. */
  readonly subAgent: string | undefined;
  /** The name a person gave the session (`claude --name`). */
  readonly sessionTitle: string | undefined;
  /** Folder against which relative paths of the tool are meant. */
  readonly cwd: string;
  readonly tool: ToolUse | undefined;
  readonly toolUseId: string | undefined;
  /** True when the client already goes on because of a stop hook: remind no more. */
  readonly isStopRepeated: boolean;
  /** Why the session began or ended, in the client's words. */
  readonly cause: string | undefined;
}
