/** Tokens as clients count them. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** What every client's stream is turned into. */
export type AgentEvent =
  | { readonly kind: 'started'; readonly session?: string; readonly model?: string }
  | { readonly kind: 'tool'; readonly name: string; readonly target?: string }
  /** The client, a hook or a person refused a tool call. */
  | { readonly kind: 'denied'; readonly tool: string; readonly reason: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Totals so far, not a difference. */
  | { readonly kind: 'usage'; readonly tokens: Tokens; readonly costUsd?: number };

/** What a client said about its own end; the process's exit code comes from elsewhere. */
export interface StreamEnd {
  /** False only when the client said so. */
  readonly isError: boolean;
  /** True when the client says that it reached its end; some never say. */
  readonly isComplete: boolean;
  readonly reason?: string;
  /** The whole last answer, where it comes in pieces. */
  readonly text?: string;
  /** Worth trying again: overload, rate limit, connection. */
  readonly isTransient?: boolean;
}

/** Reads one process's output. */
export interface StreamReader {
  readonly line: (line: string) => readonly AgentEvent[];
  /** A line of standard error, where a client says there what its stream leaves out. */
  readonly errorLine?: (line: string) => readonly AgentEvent[];
  readonly end: () => StreamEnd;
}
