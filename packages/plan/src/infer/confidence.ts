import type { Rung } from '../model.ts';

/** How sure a file is, in a word. */
export type Confidence = 'stated' | 'high' | 'medium' | 'low';

/** The word for a rung: listed or named in the text, found by its exact name or a rename, by a shared name or a heading, guessed. */
export function confidenceOf(rung: Rung): Confidence {
  if (rung <= 2) return 'stated';
  if (rung === 3) return 'high';
  return rung <= 5 ? 'medium' : 'low';
}
