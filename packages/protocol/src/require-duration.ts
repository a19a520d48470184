import { parseDuration } from './duration.ts';
import { SquadError } from './squad-error.ts';

/** Milliseconds of a duration; `DURATION_INVALID`, with where it stands and how it is written, for what is none. */
export function requireDuration(
  text: string,
  told: { readonly where?: string; readonly hint?: string } = {},
): number {
  const duration = parseDuration(text);
  if (duration.ok) return duration.value;
  const { where, ...hint } = told;
  throw new SquadError({
    code: 'DURATION_INVALID',
    message: where === undefined ? duration.error : `${where}: ${duration.error}`,
    ...hint,
  });
}
