import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import { parseEstimate } from './estimate-text.ts';
import type { Findings } from './finish.ts';
import { bodyStart, readHeader } from './front-matter-text.ts';
import { headingTask } from './heading-task.ts';
import { itemTask } from './item-task.ts';
import { readOutline, type Item, type Outline } from './outline.ts';
import { featureOf, prdReader } from './prd.ts';
import { asText } from './record-task.ts';
import { readIdList } from './reference.ts';
import { readSingleTask } from './single-task.ts';
import { draftOf, boxStatus, type TaskDraft } from './task-draft.ts';
import { readField, readTitle } from './task-text.ts';

const TASKS_CREATED = /^#{1,6}\s+Tasks Created\b/imu;

/** CCPM: an epic's list of tasks, a task file, or a task's analysis in parallel streams. */
export const ccpmReader: Reader = {
  format: 'ccpm',
  recognises: (input) => {
    if (TASKS_CREATED.test(input.text)) return 'an epic with "Tasks Created"';
    const head = /^---\n([\s\S]{0,4000}?)\n---/u.exec(input.text)?.[1] ?? '';
    if (/^name:/mu.test(head) && /^(?:conflicts_with|parallel):/mu.test(head))
      return 'front matter with name, parallel and conflicts_with';
    if (/^issue:/mu.test(head) && /^#{2,4}\s+Stream [A-Z0-9]/mu.test(input.text))
      return 'an analysis in streams';
    return /\.claude\/epics\//u.test(input.path) && head !== '' ? 'a file below .claude/epics' : undefined;
  },
  read: (input) => {
    const document = { input, format: 'ccpm', formatWhy: '' };
    if (TASKS_CREATED.test(input.text)) return readEpic(document);
    if (/^#{2,4}\s+Stream [A-Z0-9]/mu.test(input.text)) return readAnalysis(document);
    if (/(?:^|\/)epic\.md$/u.test(input.path)) return { ...prdReader.read(input), format: 'ccpm' };
    return readTaskFile(document);
  },
};

interface Base {
  readonly input: SourceInput;
  readonly format: string;
  readonly formatWhy: string;
}

/** The number that a task file is called by, else its name. */
function fileId(path: string): string {
  const name = (path.split('/').at(-1) ?? path).replace(/\.md$/u, '');
  return /(?:^|[^\d])(\d{1,7})$/u.exec(name)?.[1] ?? name;
}

function readTaskFile(base: Base): Findings {
  const { draft, outline, header } = readSingleTask(base.input, {
    id: () => fileId(base.input.path),
    title: (data, heading) => asText(data['name']) || heading || fileId(base.input.path),
    skip: new Set(['name', 'created', 'updated', 'completed', 'github', 'pr']),
  });
  return {
    ...base,
    feature: draft.title,
    drafts: [draft],
    outline,
    diagnostics: header?.diagnostics ?? [],
  };
}

function readEpic(base: Base): Findings {
  const { input } = base;
  const outline = readOutline(input.text, bodyStart(input.text));
  const header = readHeader(input.text, input.path);
  const items = outline.items.filter(
    (item) =>
      item.parent === undefined && item.section.path.some((title) => /^Tasks Created\b/iu.test(title)),
  );
  const drafts = items.flatMap((item) => epicTask(item));
  const feature = asText(header?.data['name']) || featureOf(outline, input.path);
  return { ...base, feature, drafts, outline, diagnostics: header?.diagnostics ?? [] };
}

const EPIC_LINE =
  /^(?:\[#?(\w[\w.-]*?)(?:\.md)?\]\([^)]*\)|#(\d+)|`?(\d{1,6}|[\w-]+)\.md`?)\s*(?:[-–—:：]\s*)?(.*)$/u;

function epicTask(item: Item): TaskDraft[] {
  const match = EPIC_LINE.exec(item.text);
  if (match === null) return item.box === undefined ? [] : [itemTask(item)];
  const text = match[4] ?? '';
  const note = /\((?=[^()]*(?:parallel|depends|\d+\s*h\b|size))([^()]*)\)/iu.exec(text);
  const title = (note === null ? text : text.slice(0, note.index)).trim();
  const draft = draftOf({
    id: match[1] ?? match[2] ?? match[3],
    title: title === '' ? text : title,
    section: item.section.path,
    line: item.line,
    column: item.column,
    endLine: item.endLine,
  });
  draft.status = boxStatus(item.box);
  readTitle(draft, draft.title);
  readNote(draft, note?.[1] ?? '', item.line);
  return [draft];
}

/** `parallel: false, depends: 13,14, 24-28h, Size: L`: ids end where an amount begins. */
function readNote(draft: TaskDraft, note: string, line: number): void {
  const parallel = /parallel:\s*(true|false)/iu.exec(note)?.[1];
  if (parallel !== undefined) draft.parallel = parallel.toLowerCase() === 'true';
  const depends = /\b(?:depends(?: on)?|deps|after|blocked by)\s*:?\s*/iu.exec(note);
  if (depends !== null) {
    const text = note.slice(depends.index + depends[0].length);
    const targets = /^all\b/iu.test(text) ? ['*'] : readIdList(text).targets;
    if (targets.length > 0)
      draft.references.push({
        targets,
        reason: 'line',
        why: `${depends[0].trim()} ${text.slice(0, 60)}`,
        line,
        isCertain: true,
      });
  }
  const conflicts = /conflicts(?:[_ ]with)?\s*:?\s*/iu.exec(note);
  if (conflicts !== null)
    draft.conflictsWith.push(
      ...readIdList(note.slice(conflicts.index + conflicts[0].length)).targets.filter(
        (one) => typeof one === 'string',
      ),
    );
  const hours = /(?:^|[\s,])(\d[\d.]*(?:\s*[-–]\s*\d[\d.]*)?\s*(?:h|hours?|d|days?))\b/iu.exec(note)?.[1];
  const size = /size:\s*(\w+)/iu.exec(note)?.[1];
  draft.estimate = parseEstimate(hours ?? '') ?? parseEstimate(size ?? '');
}

function readAnalysis(base: Base): Findings {
  const { input } = base;
  const outline = readOutline(input.text, bodyStart(input.text));
  const header = readHeader(input.text, input.path);
  const issue = asText(header?.data['issue']) || fileId(input.path.replace(/-analysis\.md$/u, ''));
  const drafts = streams(outline).map((draft) => ({
    ...draft,
    id: `${issue}/${draft.qualifier}`,
    aliases: [`Stream ${draft.qualifier}`, draft.qualifier],
  }));
  const feature = asText(header?.data['title']) || featureOf(outline, input.path);
  return { ...base, feature, drafts, outline, diagnostics: header?.diagnostics ?? [] };
}

const STREAM = /^Stream ([A-Z0-9]+)\s*[:：—–-]\s*(.+)$/iu;

function streams(outline: Outline): TaskDraft[] {
  const { sections } = outline;
  return sections.flatMap((section, index) => {
    const match = STREAM.exec(section.title.replace(/[*_]/gu, ''));
    if (match === null) return [];
    let end = index + 1;
    while ((sections[end]?.level ?? 0) > section.level) end += 1;
    const draft = headingTask(
      sections.slice(index, end),
      (sections[end]?.line ?? outline.lines.length + 1) - 1,
    );
    const named: TaskDraft = { ...draft, qualifier: match[1] ?? '', title: match[2] ?? draft.title };
    addStart(
      named,
      section.blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : [])),
    );
    return [named];
  });
}

/** `**Can Start**: after Stream A completes`. */
function addStart(draft: TaskDraft, texts: readonly string[]): void {
  for (const text of texts) {
    const match = /^\*{0,2}(?:can start|dependencies|depends on)\*{0,2}\s*[:：]\*{0,2}\s*(.*)$/iu.exec(text);
    const named = [...(match?.[1] ?? '').matchAll(/Stream ([A-Z0-9]+)\b/gu)].map(
      (one) => `Stream ${one[1] ?? ''}`,
    );
    if (named.length > 0)
      draft.references.push({
        targets: named,
        reason: 'field',
        why: text.replace(/\*/gu, '').slice(0, 80),
        line: draft.line,
        isCertain: true,
      });
    const agent = /^\*{0,2}agent type\*{0,2}\s*[:：]\*{0,2}\s*(\S+)/iu.exec(text)?.[1];
    if (agent !== undefined)
      readField(draft, { name: 'agent', value: agent, list: [], line: draft.line, label: 'Agent Type' });
  }
}
