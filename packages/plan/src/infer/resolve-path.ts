import type { FileRef } from '../model.ts';
import type { FileIndex } from './evidence.ts';
import type { Rename } from './renames.ts';

/** A written path brought in line with the files that exist: new or existing, its case, where it moved, the package it lies in. */
export function resolvePath(
  ref: FileRef,
  index: FileIndex,
  renames: ReadonlyMap<string, Rename>,
): readonly FileRef[] {
  if (/[*?{]/u.test(ref.path)) return [ref];
  if (ref.path.endsWith('/')) return [resolveFolder(ref, index)];
  if (index.all.has(ref.path)) return [{ ...ref, mode: ref.mode === 'delete' ? 'delete' : 'modify' }];
  const [otherCase] = index.byLower.get(ref.path.toLowerCase()) ?? [];
  if (otherCase !== undefined) return [found(ref, otherCase, `the tree spells it ${otherCase}`)];
  const rename = ref.mode === 'create' ? undefined : renames.get(ref.path);
  if (rename !== undefined && index.all.has(rename.to))
    return [{ ...found(ref, rename.to, renameReason(ref.path, rename)), rung: 3 }];
  const base = ref.path.slice(ref.path.lastIndexOf('/') + 1);
  const sameName = index.byBase.get(base.toLowerCase()) ?? [];
  return ref.path.includes('/') ? resolveSuffix(ref, sameName) : resolveBare(ref, sameName);
}

/** Why another path is planned than the document names. */
export function renameReason(from: string, { to, commit, similarity }: Rename): string {
  return `${from} was renamed to ${to} in ${commit} (${similarity} % alike)`;
}

function resolveFolder(ref: FileRef, index: FileIndex): FileRef {
  const isKnown = index.folders.has(ref.path);
  return { ...ref, mode: ref.mode === 'unknown' ? (isKnown ? 'modify' : 'create') : ref.mode };
}

/** `src/a.ts` may be `packages/web/src/a.ts`; and `web/src/a.ts` may be `src/a.ts` of a repository called web. */
function resolveSuffix(ref: FileRef, sameName: readonly string[]): readonly FileRef[] {
  const longer = sameName.filter((path) => path.endsWith(`/${ref.path}`));
  const [only] = longer;
  if (only !== undefined && longer.length === 1)
    return [found(ref, only, `the only tracked file that ends in ${ref.path}`)];
  const [shorter, ...rest] = sameName.filter((path) => ref.path.endsWith(`/${path}`) && path.includes('/'));
  if (longer.length === 0 && shorter !== undefined && rest.length === 0 && ref.mode !== 'create')
    return [found(ref, shorter, `the tracked file that ${ref.path} ends in`)];
  return [{ ...ref, mode: ref.mode === 'unknown' ? 'create' : ref.mode }];
}

function resolveBare(ref: FileRef, sameName: readonly string[]): readonly FileRef[] {
  const [only] = sameName;
  if (only === undefined) return [{ ...ref, mode: ref.mode === 'unknown' ? 'create' : ref.mode }];
  if (sameName.length === 1) return [{ ...found(ref, only, 'the only tracked file of that name'), rung: 3 }];
  if (ref.mode === 'create' || sameName.length > 6) return [ref];
  return sameName.map((path) => ({
    ...found(ref, path, `one of ${sameName.length} tracked files of that name`),
    rung: 4 as const,
  }));
}

function found(ref: FileRef, path: string, why: string): FileRef {
  return { ...ref, path, mode: ref.mode === 'delete' ? 'delete' : 'modify', why: `${ref.why}; ${why}` };
}
