import { git, runGit } from '#git';
import type { Store } from '#store';
import { applyEdit } from './apply-edit.ts';
import { exchangeEntries, indexEntries, type IndexEntries, type IndexEntry } from './index-entry.ts';

/**
 * Puts what will be committed into the checkout's index, too, and returns what that held before and holds after. Of a file
 * of which only a part is committed, what else is staged of it stays staged.
 */
export async function shareIndex(
  store: Store,
  order: {
    readonly root: string;
    readonly base: string;
    readonly ordered: IndexEntries;
    readonly parts: ReadonlySet<string>;
  },
): Promise<{ readonly before: IndexEntries; readonly after: IndexEntries }> {
  const { root, base, ordered, parts } = order;
  const before = await indexEntries(root, ordered);
  const after = new Map(ordered);
  for (const path of parts) {
    const [staged, part] = [before.get(path), ordered.get(path)];
    if (staged === undefined || part === undefined) continue;
    after.set(path, (await withPart(store, { root, base, staged, part })) ?? part);
  }
  await exchangeEntries(root, before, after);
  return { before, after };
}

// What is staged, with the committed part applied to it; `undefined` where both touch the same lines.
async function withPart(
  store: Store,
  {
    root,
    base,
    staged,
    part,
  }: { readonly root: string; readonly base: string; readonly staged: IndexEntry; readonly part: IndexEntry },
): Promise<IndexEntry | undefined> {
  const [from, to, text] = [`${base}:${part.path}`, part.oid, staged.oid];
  const texts = await Promise.all(
    [from, to, text].map((name) => runGit(['cat-file', 'blob', name], { cwd: root })),
  );
  const [was, will, is] = texts.map(({ code, stdout }) => (code === 0 ? stdout : undefined));
  if (was === undefined || will === undefined || is === undefined || is === was) return undefined;
  const merged = await applyEdit(store, { text: is, from: was, to: will });
  if (merged === undefined) return undefined;
  const oid = await git(['hash-object', '-w', '--stdin'], { cwd: root, input: merged });
  return { ...staged, oid: oid.trim() };
}
