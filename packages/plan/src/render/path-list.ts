const MOST_PATHS = 30;

/** Paths in ticks, cut where a plan would become long. */
export function pathList(paths: readonly string[]): string {
  if (paths.length === 0) return 'nothing';
  const shown = paths
    .slice(0, MOST_PATHS)
    .map((path) => `\`${path}\``)
    .join(', ');
  return paths.length > MOST_PATHS
    ? `${shown} and ${paths.length - MOST_PATHS} more (see the header)`
    : shown;
}
