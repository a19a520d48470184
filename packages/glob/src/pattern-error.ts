/** Why a pattern cannot be used. The codes are those of `ErrorCode`. */
export type PatternErrorCode = 'PATTERN_INVALID' | 'PATTERN_TOO_COMPLEX';

/** A pattern that cannot be read, or a question about patterns beyond the stated bounds. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly code: PatternErrorCode;
  readonly hint: string | undefined;
  /** 0-based offset in the pattern, where one place is to blame. */
  readonly at: number | undefined;

  constructor(
    code: PatternErrorCode,
    message: string,
    place: { readonly hint?: string; readonly at?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.hint = place.hint;
    this.at = place.at;
  }
}
