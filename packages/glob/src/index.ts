export { contains, matches, overlaps, uncovered } from './algebra.ts';
export type { Overlap, Patterns, PatternSet } from './algebra.ts';
export { foldText } from './case-fold.ts';
export { compilePattern, escapePattern, problemOf } from './pattern.ts';
export type { Pattern, PatternOptions } from './pattern.ts';
export { PatternError } from './pattern-error.ts';
export type { PatternErrorCode } from './pattern-error.ts';
