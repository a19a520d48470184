import type { ErrorCode } from './error-code.ts';

interface SquadErrorInit {
  readonly code: ErrorCode;
  readonly message: string;
  /** The exact next command, or the one thing to change. */
  readonly hint?: string;
  readonly data?: unknown;
  readonly cause?: unknown;
}

/** Something the user can cure. Printed as message and hint, exit 1 (2 for `USAGE`); never with a stack. */
export class SquadError extends Error {
  override readonly name = 'SquadError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: unknown;

  constructor(init: SquadErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.hint = init.hint;
    this.data = init.data;
  }
}

/** True for a {@link SquadError} with one of the codes: catch only what you expect. */
export function isSquadError(error: unknown, ...codes: readonly ErrorCode[]): error is SquadError {
  return error instanceof SquadError && (codes.length === 0 || codes.includes(error.code));
}
