/** One event of a client at which the guard is asked. */
export interface HookSpec {
  readonly event: string;
  /** The guard's name of the event. */
  readonly asks: string;
  /** The tools it is asked about. */
  readonly matcher?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The hooks of these events in the form that Claude Code, Codex and Gemini CLI share. */
export function hookGroups(
  specs: readonly HookSpec[],
  command: (asks: string) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    specs.map(({ event, asks, matcher, more }) => [
      event,
      [{ ...(matcher === undefined ? {} : { matcher }), hooks: [{ ...command(asks), ...more }] }],
    ]),
  );
}
