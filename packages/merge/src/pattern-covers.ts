import { compilePattern } from '#glob';

/** True when a pattern of plans or settings covers a path; a leading `/` means the root, as a path has it. */
export function patternCovers(pattern: string, path: string): boolean {
  return compilePattern(pattern.replace(/^\//u, '')).covers(path);
}
