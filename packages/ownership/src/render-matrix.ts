import type { OwnershipMatrix, OwnershipRule } from '#protocol';

const FIELDS = ['owner', 'access', 'order', 'except', 'fragments', 'mode', 'section', 'why'] as const;

/**
 * `.squad/ownership.yaml` in the form that people edit: settings, then patterns in the given order, each rule's fields in
 * fixed order. `parseOwnership` of it gives the matrix back.
 */
export async function renderOwnership(matrix: OwnershipMatrix): Promise<string> {
  const { renderYaml } = await import('#markdown');
  const zones = Object.keys(matrix.zones).length === 0 ? {} : { zones: matrix.zones };
  const paths = Object.entries(matrix.paths).map(([pattern, rule]) => [pattern, ordered(rule)] as const);
  return renderYaml({
    version: matrix.version,
    default: ordered(matrix.default),
    ...zones,
    ...Object.fromEntries(paths),
  });
}

function ordered(rule: OwnershipRule): Record<string, unknown> {
  const known = FIELDS.flatMap((field) => (rule[field] === undefined ? [] : [[field, rule[field]] as const]));
  const unknown = Object.entries(rule).filter(([field]) => !FIELDS.some((name) => name === field));
  return Object.fromEntries([...known, ...unknown]);
}
