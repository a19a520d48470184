import type { SourceTask } from '../model.ts';

const ABSOLUTE = /\/(?:home|Users)\/[\w.-]+(?:\/[\w.@()[\]-]+)+/gu;
const MARKER =
  /^(?:src|lib|app|apps|packages|tests?|specs?|docs?|scripts|backend|frontend|server|client|web|internal|cmd|pkg|\.[a-z]+)$/u;

/**
 * Tasks with paths as the repository has them, where a document names files by the place of a clone (`/home/ann/shop/src/a.ts`): without
 * the folder that all such paths have in common, as far as it is above the repository's own folders.
 */
export function withoutRoot(tasks: readonly SourceTask[], text: string): readonly SourceTask[] {
  const root = rootOf(text);
  if (root === undefined) return tasks;
  const strip = (path: string): string => (path.startsWith(root) ? path.slice(root.length) : path);
  return tasks.map((task) => ({
    ...task,
    writes: task.writes.map((file) => ({ ...file, path: strip(file.path) })),
    reads: task.reads.map(strip),
    forbidden: task.forbidden.map(strip),
  }));
}

/** `home/ann/shop/`, as paths are written here: without the leading slash. */
function rootOf(text: string): string | undefined {
  const paths = [...text.matchAll(ABSOLUTE)].map(([path]) => path.slice(1).split('/').slice(0, -1));
  const [first, ...rest] = paths;
  if (first === undefined) return undefined;
  const common = rest.reduce(
    (prefix, path) => prefix.slice(0, prefix.findIndex((part, index) => part !== path[index]) >>> 0),
    first,
  );
  const marker = common.findIndex((part, index) => index > 2 && MARKER.test(part));
  const root = marker === -1 ? common : common.slice(0, marker);
  return root.length < 3 ? undefined : `${root.join('/')}/`;
}
