import { areaNamed, areaOfText, type Area } from './area.ts';
import type { Outline } from './outline.ts';
import { sectionKindOf } from './section-kind.ts';

/** An area a document speaks of, and the text that does. */
export interface NamedArea {
  readonly area: Area;
  readonly why: string;
}

/** Areas that requirements or streams name, each once, in document order. */
export function requirementAreas(outline: Outline): readonly NamedArea[] {
  const found = new Map<Area, string>();
  const add = (area: Area | undefined, text: string, line: number): void => {
    if (area !== undefined && !found.has(area)) found.set(area, `line ${line} says "${text.slice(0, 100)}"`);
  };
  for (const section of outline.sections) {
    const kind = sectionKindOf(section);
    if (kind === 'requirements' || kind === 'tasks')
      add(areaOfLabel(section.title), section.title, section.line);
    if (kind !== 'requirements') continue;
    for (const block of section.blocks) {
      if (block.kind === 'item')
        add(areaOfLabel(block.text) ?? areaNamedIn(block.text), block.text, block.line);
    }
  }
  return [...found].map(([area, why]) => ({ area, why }));
}

/** `Frontend: …`, `1. Frontend Dashboard`, `Stream 2: Backend (4 tasks)`. */
export function areaOfLabel(text: string): Area | undefined {
  const plain = text
    .replace(/^[\d.)\s*_`#]+/u, '')
    .replace(/^(?:stream|track|team|workstream)\s+[\dA-Z]+\s*[:：—–-]\s*/iu, '');
  const word = /^([A-Za-z-]{2,20}(?: (?:learning|science))?)\b/u.exec(plain)?.[1] ?? '';
  return areaNamed(word);
}

function areaNamedIn(text: string): Area | undefined {
  const head = /^([^:：]{2,40})[:：]/u.exec(text)?.[1];
  return head === undefined ? undefined : areaOfText(head)?.area;
}
