import type { Item, Section } from './outline.ts';

/** The line of text directly above each top list item that introduces the list, where one does: it ends in a colon or is bold. */
export function captions(section: Section): ReadonlyMap<Item, string> {
  const found = new Map<Item, string>();
  let caption: string | undefined;
  for (const block of section.blocks) {
    if (block.kind === 'item') {
      if (caption !== undefined) found.set(block, caption);
    } else caption = block.kind === 'paragraph' ? captionOf(block.text) : undefined;
  }
  return found;
}

function captionOf(text: string): string | undefined {
  const last = text.slice(-300);
  if (/[:：]\**_*\s*$/u.test(last)) return last.split(/(?<=[.。])\s/u).at(-1);
  return /^\*\*[^*]+\*\*\s*$/u.test(text) ? text : undefined;
}
