import { parseFrontMatter } from '#markdown';
import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import { bodyStart } from './front-matter-text.ts';
import type { DraftStage, Findings } from './finish.ts';
import { readOutline, type Outline } from './outline.ts';
import { areaTasks } from './rung-areas.ts';
import { requirementTasks } from './rung-requirements.ts';
import { roadmapTasks } from './rung-roadmap.ts';
import { storyTasks } from './rung-stories.ts';
import { explicitTasks } from './rung-tasks.ts';
import { sharedPaths } from './shared-paths.ts';
import { requirementAreas } from './requirement-area.ts';
import { readSectionOrder } from './section-order.ts';
import { readSectionFiles } from './section-files.ts';
import type { TaskDraft } from './task-draft.ts';

/** What one rung of the ladder found. */
export interface RungResult {
  readonly drafts: readonly TaskDraft[];
  readonly stages: readonly DraftStage[];
}

interface RungStep {
  readonly name: string;
  readonly read: (outline: Outline) => RungResult;
}

// Never two rungs at once: a document that lists its tasks says in its roadmap the same things again.
const LADDER: readonly RungStep[] = [
  { name: 'rung 1: explicit tasks', read: explicitTasks },
  { name: 'rung 2: stories', read: storyTasks },
  { name: 'rung 3: requirements with a verb', read: requirementTasks },
  { name: 'rung 4: roadmap points', read: roadmapTasks },
  { name: 'rung 5: one task for each requirement area', read: areaTasks },
];

/** Reads any markdown: the highest rung of a ladder that finds work gives all tasks, and is named. */
export const prdReader: Reader = {
  format: 'prd',
  recognises: (input) => (/\S/u.test(input.text) ? 'no other format was recognised' : undefined),
  read: (input) => readLadder(input, 'prd', LADDER),
};

function readLadder(input: SourceInput, format: string, ladder: readonly RungStep[]): Findings {
  const outline = readOutline(input.text, bodyStart(input.text));
  const areas = requirementAreas(outline);
  const header = parseFrontMatter(input.text, input.path);
  const diagnostics = header.ok ? [] : header.error;
  const feature = featureNamed(header.ok ? header.value.data : undefined) ?? featureOf(outline, input.path);
  for (const rung of ladder) {
    const { drafts, stages } = rung.read(outline);
    if (drafts.length === 0) continue;
    readSectionOrder(outline, drafts);
    readSectionFiles(outline, drafts);
    const shared = sharedPaths(outline);
    return {
      input,
      format,
      formatWhy: `free text, ${rung.name}`,
      feature,
      drafts,
      diagnostics,
      outline,
      stages,
      areas,
      declared: shared,
    };
  }
  return {
    input,
    format,
    formatWhy: 'free text, no rung found work',
    feature,
    drafts: [],
    diagnostics,
    outline,
    areas,
    noTasksHint:
      'looked for a task list, stories (US-1), requirements (FR-1), a roadmap and requirement areas; list the work under "## Tasks"',
  };
}

function featureNamed(header: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const named = header?.['feature'] ?? header?.['title'];
  return typeof named === 'string' && named.trim() !== '' ? named.trim().slice(0, 200) : undefined;
}

/** The feature's name: the first heading without its kind, else the file's name. */
export function featureOf(outline: Outline, path: string): string {
  const title = outline.sections.find((section) => section.level > 0)?.title ?? '';
  const plain = title
    .replace(/[*_`]/gu, '')
    .replace(
      /^(?:feature|prd|product requirements?(?: document)?|tasks?|implementation (?:plan|tasks)|epic|plan|project|spec(?:ification)?)\s*[:：—–-]\s*/iu,
      '',
    )
    .trim();
  return plain !== '' && !GENERAL.test(plain) ? plain.slice(0, 200) : (nameOfPath(path) ?? (plain || path));
}

// Headings that every document of their kind has say nothing of this one.
const GENERAL =
  /^(?:\d+[.)]\s|tasks?$|task list$|implementation (?:plan|tasks)$|plan$|relevant files$|phase \d|overview$|todo$)/iu;

/** What a path calls its document: the folder of a `tasks.md`, else the file; `undefined` for a lone `tasks.md`. */
function nameOfPath(path: string): string | undefined {
  const parts = path.split('/');
  const file = (parts.at(-1) ?? path).replace(/\.\w+$/u, '');
  const folder = /^(?:tasks?|plan|spec|prd|todo|readme)$/iu.test(file) ? parts.at(-2) : undefined;
  return folder ?? (/^(?:tasks?|plan)$/iu.test(file) ? undefined : file);
}
