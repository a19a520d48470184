import type { Store } from '#store';

/**
 * Gives paths to another agent in `ownership.yaml`, by rows of their own at its end; being the most specific, they win.
 * Everything a person wrote, comments included, stays. The file before is kept beside it as `ownership.yaml.bak`.
 */
export function moveOwnership(
  store: Store,
  path: string,
  order: { readonly paths: readonly string[]; readonly to: string; readonly why: string },
): boolean {
  const text = store.readText(path);
  if (text === undefined || order.paths.length === 0) return false;
  const rows = order.paths.map((file) => ({ key: `/${file}`, row: rowOf(file, order) }));
  const kept = text
    .split('\n')
    .filter(
      (line) =>
        !rows.some(({ key }) => line.startsWith(`${JSON.stringify(key)}: {`) || line.startsWith(`${key}: {`)),
    );
  const blocks = rows.filter(
    ({ key }) => !kept.some((line) => line.trim() === `${key}:` || line.trim() === `${JSON.stringify(key)}:`),
  );
  const changed = `${kept.join('\n').trimEnd()}\n${blocks.map(({ row }) => `${row}\n`).join('')}`;
  if (changed === text) return false;
  store.writeAtomic(`${path}.bak`, text);
  store.writeAtomic(path, changed);
  return true;
}

function rowOf(file: string, order: { to: string; why: string }): string {
  return `${JSON.stringify(`/${file}`)}: { owner: ${JSON.stringify(order.to)}, access: EXCLUSIVE, why: ${JSON.stringify(order.why)} }`;
}
