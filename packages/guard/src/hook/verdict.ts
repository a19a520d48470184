/** What the guard says to a hook. */
export type Verdict =
  /** Nothing to say: the client goes on as it would without us. */
  | { readonly kind: 'pass' }
  /** Goes on, and the agent is told something. */
  | { readonly kind: 'tell'; readonly text: string }
  /** The tool must not run. */
  | { readonly kind: 'deny'; readonly reason: string }
  /** A person decides, where the client can ask one; elsewhere a denial, because asking would let it through. */
  | { readonly kind: 'ask'; readonly reason: string }
  /** The agent is asked not to stop yet. */
  | { readonly kind: 'continue'; readonly reason: string };

/** What a hook process leaves: the form that the client honours. */
export interface HookAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
