import { escapePattern, overlaps, PatternError } from '#glob';

/**
 * True for a path that stands for more than one file. Brackets alone do not make a pattern: `app/[id]/page.tsx` is
 * one file of a web framework.
 */
export function isPattern(path: string): boolean {
  return /[*?{]/u.test(path) || path.endsWith('/');
}

/** True when some file could be meant by both paths, decided exactly. */
export function pathsOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  if (isFolder(a))
    return b.startsWith(a) || (isFolder(b) ? a.startsWith(b) : isPattern(b) && globsMeet(a, b));
  if (isFolder(b)) return pathsOverlap(b, a);
  return (isPattern(a) || isPattern(b)) && globsMeet(a, b);
}

function isFolder(path: string): boolean {
  return path.endsWith('/') && !/[*?{]/u.test(path);
}

function globsMeet(a: string, b: string): boolean {
  try {
    return overlaps(toPattern(a), toPattern(b)).overlap;
  } catch (error) {
    if (error instanceof PatternError) return true;
    throw error;
  }
}

/** The path in the notation of the ownership matrix: characters that only look like a pattern are escaped. */
export function toPattern(path: string): string {
  return /[*?{]/u.test(path) ? path : escapePattern(path);
}

/** Written paths as numbers. */
export interface WrittenFiles {
  /** Paths that each task writes. */
  readonly rows: readonly (readonly number[])[];
  /** Those, and the paths that its folders and patterns may mean: what must not be written meanwhile. */
  readonly locks: readonly (readonly number[])[];
  readonly paths: readonly string[];
}

/**
 * Numbers the written paths. Two tasks have a lock in common exactly when they could write one file. Paths that are
 * only predicted (rung 8 and above) meet only one another: a guess must not hold up what is known.
 */
export function numberFiles(
  tasks: readonly { readonly writes: readonly { readonly path: string; readonly rung: number }[] }[],
): WrittenFiles {
  const ids = new Map<string, number>();
  const firm = new Map<string, number>();
  const idOf = (path: string, rung: number): number => {
    const key = rung >= 8 ? `${path}\0predicted` : path;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    if (rung < 8) firm.set(path, id);
    return id;
  };
  const rows = tasks.map(({ writes }) => [...new Set(writes.map(({ path, rung }) => idOf(path, rung)))]);
  const covered = coverage(firm);
  const locks =
    covered.size === 0
      ? rows
      : rows.map((row) => [...new Set(row.flatMap((id) => [id, ...(covered.get(id) ?? [])]))]);
  return { rows, locks, paths: [...ids.keys()].map((key) => key.replace('\0predicted', '')) };
}

// Plain paths meet only by being equal, so only patterns are compared with everything; of two patterns the first takes
// the second's lock.
function coverage(firm: ReadonlyMap<string, number>): ReadonlyMap<number, readonly number[]> {
  const patterns = [...firm].filter(([path]) => isPattern(path));
  const covered = new Map<number, readonly number[]>();
  for (const [pattern, id] of patterns) {
    const under = [...firm].filter(
      ([path, other]) => other !== id && (!isPattern(path) || other > id) && pathsOverlap(pattern, path),
    );
    if (under.length > 0)
      covered.set(
        id,
        under.map(([, other]) => other),
      );
  }
  return covered;
}
