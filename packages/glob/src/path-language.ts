import type { Automaton } from './automaton.ts';
import { complement, fromRanges, intersect, single, type CharSet } from './char-set.ts';

const START = 0;
const ONE_DOT = 1;
const TWO_DOTS = 2;
const IN = 3;

let paths: Automaton | undefined;

/** All repo-relative paths: names joined by `/`, none empty, `.` or `..`. Made when first asked for. */
export function allPaths(): Automaton {
  paths ??= createPaths();
  return paths;
}

function createPaths(): Automaton {
  const slash = single(0x2f);
  const dot = single(0x2e);
  // Repo-relative paths hold no control characters, no lone surrogates and no backslash.
  const inName: CharSet = complement(
    fromRanges([
      [0, 0x1f],
      [0x2f, 0x2f],
      [0x5c, 0x5c],
      [0x7f, 0x7f],
      [0xd800, 0xdfff],
    ]),
  );
  const notDot = intersect(inName, complement(dot));
  return {
    starts: [START],
    accepting: [false, false, false, true],
    edges: [
      [
        { on: notDot, to: IN },
        { on: dot, to: ONE_DOT },
      ],
      [
        { on: notDot, to: IN },
        { on: dot, to: TWO_DOTS },
      ],
      [{ on: inName, to: IN }],
      [
        { on: inName, to: IN },
        { on: slash, to: START },
      ],
    ],
  };
}

/** True for the state of {@link allPaths} in which a name begins. */
export function isNameStart(state: number): boolean {
  return state === START;
}

/** Names of plain characters joined by `/`, with or without one at either end; none of them is `.` or `..`. */
export const PLAIN_PATH: RegExp = /^\/?\.?[\w-][\w.-]*(?:\/\.?[\w-][\w.-]*)*\/?$/u;

/** The path as patterns see it: without a leading or trailing `/`, in Unicode NFC; `undefined` when it is no path. */
export function normalizedPath(path: string): string | undefined {
  // Most paths are: of two more regular expressions each costs a fast program's start 0.03 ms.
  if (PLAIN_PATH.test(path))
    return path.slice(Number(path.startsWith('/')), path.length - Number(path.endsWith('/')));
  const plain = path.replace(/^\/|\/$/gu, '');
  return /(?:^|\/)\.{0,2}(?:\/|$)/u.test(plain) ? undefined : plain.normalize('NFC');
}
