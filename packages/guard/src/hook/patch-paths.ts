const HEADER = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\s*$/u;

/**
 * Paths that a patch in the `apply_patch` form adds, changes, deletes or moves to, each once, as written
 * (relative to the session's folder). Empty when the text is no such patch.
 */
export function patchPaths(patch: string): readonly string[] {
  if (!patch.includes('*** Begin Patch')) return [];
  const paths = new Set<string>();
  for (const line of patch.split(/\r?\n/u)) {
    const path = HEADER.exec(line)?.[1];
    if (path !== undefined) paths.add(path);
  }
  return [...paths];
}
