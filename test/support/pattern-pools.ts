import { contains, matches, overlaps, PatternError } from '#glob';
import { allPaths, oracleCovers, randomPattern, seededRandom } from './pattern-oracle.ts';

/** What a comparison of the algebra with brute force came to. */
export interface PoolReport {
  readonly pairs: number;
  readonly refused: number;
  /** Each a disagreement, in words. */
  readonly wrong: readonly string[];
}

/**
 * Compares `matches`, `overlaps` and `contains` with enumeration: every pair of a pool of random patterns, over every
 * path of `a`, `b` and `.` up to a length. Longer witnesses are checked one by one.
 */
export function comparePool(seed: number, size: number, maxLength = 5): PoolReport {
  const random = seededRandom(seed);
  const paths = allPaths('ab.', maxLength);
  const patterns = Array.from({ length: size }, () => randomPattern(random));
  const covered = patterns.map((pattern) => paths.map((path) => oracleCovers(pattern, path)));
  const wrong: string[] = [];
  let pairs = 0;
  let refused = 0;
  patterns.forEach((pattern, i) => {
    paths.forEach((path, index) => {
      if (matches(pattern, path) !== covered[i]?.[index])
        wrong.push(`matches ${pattern} ${path}: ${!covered[i]?.[index]}`);
    });
    for (let j = i; j < patterns.length; j += 1) {
      const other = patterns[j] ?? '';
      pairs += 1;
      try {
        wrong.push(
          ...comparePair({ a: pattern, b: other, inA: covered[i] ?? [], inB: covered[j] ?? [], paths }),
        );
      } catch (error) {
        if (!(error instanceof PatternError && error.code === 'PATTERN_TOO_COMPLEX')) throw error;
        refused += 1;
      }
    }
  });
  return { pairs, refused, wrong };
}

function comparePair(pair: {
  a: string;
  b: string;
  inA: readonly boolean[];
  inB: readonly boolean[];
  paths: readonly string[];
}): string[] {
  const { a, b, inA, inB, paths } = pair;
  const wrong: string[] = [];
  const common = paths.find((_, index) => inA[index] === true && inB[index] === true);
  const verdict = overlaps(a, b);
  if (!verdict.overlap && common !== undefined) wrong.push(`overlaps ${a} ${b}: no, but ${common}`);
  if (verdict.overlap && !(oracleCovers(a, verdict.witness) && oracleCovers(b, verdict.witness))) {
    wrong.push(`overlaps ${a} ${b}: witness ${verdict.witness} is not in both`);
  }
  const missed = paths.find((_, index) => inB[index] === true && inA[index] !== true);
  if (contains(a, b) && missed !== undefined) wrong.push(`contains ${a} ${b}: yes, but ${missed}`);
  return wrong;
}
