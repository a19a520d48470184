import type { Outline, Section } from './outline.ts';
import { readIdList } from './reference.ts';
import type { TaskDraft } from './task-draft.ts';
import { labelledLine } from './field-name.ts';

const PACKAGE = /^[^\p{L}\p{N}]*(?:work package\s+)?(WP\d{1,4}[a-z]?)\b/iu;

/** Id of the work package that a path of headings lies in. */
export function packageOf(path: readonly string[]): string | undefined {
  for (const title of path.toReversed()) {
    const id = PACKAGE.exec(title)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Makes each task of a work package answer to the package's id, and wait for the packages that its own depends on. */
export function addWorkPackages(outline: Outline, drafts: readonly TaskDraft[]): void {
  const needs = packageNeeds(outline);
  for (const draft of drafts) {
    const id = packageOf(draft.section);
    if (id === undefined) continue;
    draft.aliases.push(id);
    const need = needs.get(id);
    if (need !== undefined)
      draft.references.push({
        targets: need.targets,
        reason: 'group',
        why: `${id} depends on ${need.text}`,
        line: need.line,
        isCertain: false,
      });
  }
}

interface Need {
  readonly targets: TaskDraft['references'][number]['targets'];
  readonly text: string;
  readonly line: number;
}

/** What each package depends on: its `**Dependencies**:` line, `depends on WP05` in its prompt line, or a column of a table. */
function packageNeeds(outline: Outline): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>();
  for (const section of outline.sections) {
    const id = packageOf(section.path);
    if (id !== undefined) addNeed(needs, id, ownNeeds(section));
    for (const block of section.blocks) if (block.kind === 'table') addTable(needs, block.rows);
  }
  return needs;
}

function addNeed(
  needs: Map<string, Need>,
  id: string,
  found: readonly { text: string; line: number }[],
): void {
  for (const { text, line } of found) {
    const targets = readIdList(text.replace(/^[*_\s:]+/u, '')).targets.filter(
      (target) => JSON.stringify(target) !== JSON.stringify(id),
    );
    if (targets.length > 0 && !needs.has(id)) needs.set(id, { targets, text: text.slice(0, 60), line });
  }
}

function ownNeeds(section: Section): { text: string; line: number }[] {
  const isList = /^(?:dependencies|depends on)\W*$/iu.test(section.title);
  return section.blocks.flatMap((block) => {
    if (block.kind !== 'paragraph' && block.kind !== 'item') return [];
    if (isList)
      return /^\W*none\b/iu.test(block.text) ? [] : [{ text: listedNeed(block.text), line: block.line }];
    const label = labelledLine(block.text);
    if (label?.name === 'depends') return [{ text: label.value, line: block.line }];
    const prose = /\bdepends on\b\s*:?\**\s*(?=WP\d)/iu.exec(block.text);
    return prose === null
      ? []
      : [{ text: block.text.slice(prose.index + prose[0].length), line: block.line }];
  });
}

/** `Depends on WP01, WP02.`, `WP01 (needs the schema)`, `Requires **WP03**`: the text from the first package on. */
function listedNeed(text: string): string {
  const plain = text.replace(/[*_`]/gu, '');
  return /^(?:depends? on|requires?|needs?|after|blocked by)?\W*(?=WP\d)(.*)$/isu.exec(plain)?.[1] ?? '';
}

function addTable(
  needs: Map<string, Need>,
  rows: readonly { readonly cells: readonly string[]; readonly line: number }[],
): void {
  const header = (rows[0]?.cells ?? []).map((cell) => cell.toLowerCase());
  const [idColumn, column] = [
    header.findIndex((cell) => /^(?:wp|id|work package)/u.test(cell)),
    header.findIndex((cell) => cell.startsWith('depend')),
  ];
  if (column === -1) return;
  for (const { cells, line } of rows.slice(1)) {
    const id = PACKAGE.exec(cells[Math.max(0, idColumn)] ?? '')?.[1];
    if (id !== undefined) addNeed(needs, id, [{ text: cells[column] ?? '', line }]);
  }
}
