import { git, resolveCommit } from '#git';

/** What changes of the checkout are measured by: the last commit, or before the first the empty tree. */
export async function baseOf(root: string): Promise<string> {
  return (await resolveCommit(root, 'HEAD')) ?? emptyTree(root);
}

/** Name of the tree without entries; it depends on the repository's hash. */
export async function emptyTree(root: string): Promise<string> {
  return (await git(['hash-object', '-t', 'tree', '/dev/null'], { cwd: root })).trim();
}
