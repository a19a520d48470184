import type { SourceDocument } from '../model.ts';
import type { Block, Outline } from './outline.ts';
import { findPaths } from './path-mention.ts';
import { flatten } from './task-text.ts';

/** Paths that a section on shared or read-only files names. */
export function sharedPaths(outline: Outline): SourceDocument['declared'] {
  const found = new Map<string, SourceDocument['declared'][number]>();
  for (const section of outline.sections) {
    const title = section.path.join(' / ');
    const isShared =
      /\bshared\b|sequential/iu.test(section.title) ||
      /\bshared (?:dependenc|files?|resources?)/iu.test(title);
    const isReadOnly = /read-?only/iu.test(section.title);
    if (!isShared && !isReadOnly) continue;
    const access = isReadOnly ? 'READ-ONLY' : 'SEQUENTIAL';
    for (const text of section.blocks.flatMap(textsOf)) {
      for (const { path } of findPaths(text)) {
        if (!found.has(path)) found.set(path, { path, access, why: `listed under "${section.title}"` });
      }
    }
  }
  return [...found.values()];
}

function textsOf(block: Block): string[] {
  if (block.kind === 'item') return [block, ...flatten(block.children)].map((item) => item.text);
  return block.kind === 'table' ? block.rows.map((row) => row.cells.join(' ')) : [];
}
