import type { Automaton } from './automaton.ts';
import { complement, fromRanges, intersect, single, type CharSet } from './char-set.ts';

const SLASH = single(0x2f);
const DOT = single(0x2e);
// Repo-relative paths hold no control characters, no lone surrogates and no backslash.
const UNUSED = fromRanges([
  [0, 0x1f],
  [0x2f, 0x2f],
  [0x5c, 0x5c],
  [0x7f, 0x7f],
  [0xd800, 0xdfff],
]);
const IN_NAME: CharSet = complement(UNUSED);
const NOT_DOT = intersect(IN_NAME, complement(DOT));

const START = 0;
const ONE_DOT = 1;
const TWO_DOTS = 2;
const IN = 3;

/** All repo-relative paths: names joined by `/`, none empty, `.` or `..`. */
export const PATHS: Automaton = {
  starts: [START],
  accepting: [false, false, false, true],
  edges: [
    [
      { on: NOT_DOT, to: IN },
      { on: DOT, to: ONE_DOT },
    ],
    [
      { on: NOT_DOT, to: IN },
      { on: DOT, to: TWO_DOTS },
    ],
    [{ on: IN_NAME, to: IN }],
    [
      { on: IN_NAME, to: IN },
      { on: SLASH, to: START },
    ],
  ],
};

/** True for the state of {@link PATHS} in which a name begins. */
export function isNameStart(state: number): boolean {
  return state === START;
}

/** The path as patterns see it: without a leading or trailing `/`, in Unicode NFC; `undefined` when it is no path. */
export function normalizedPath(path: string): string | undefined {
  const plain = path.replace(/^\/|\/$/gu, '');
  return /(?:^|\/)\.{0,2}(?:\/|$)/u.test(plain) ? undefined : plain.normalize('NFC');
}
