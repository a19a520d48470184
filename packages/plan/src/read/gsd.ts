import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import type { Findings } from './finish.ts';
import { bodyStart, readHeader } from './front-matter-text.ts';
import { readOutline } from './outline.ts';
import { findPaths } from './path-mention.ts';
import { asList, asText, recordReference, type DataRecord } from './record-task.ts';
import { draftOf, type TaskDraft } from './task-draft.ts';
import { addPaths, readDetail, readTitle } from './task-text.ts';

/** GSD's `NN-MM-PLAN.md`: front matter with the plan's files and wave, tasks as XML elements. */
export const gsdReader: Reader = {
  format: 'gsd',
  recognises: (input) => {
    const head = /^---\n([\s\S]{0,20000}?)\n---/u.exec(input.text)?.[1] ?? '';
    if (/^plan:/mu.test(head) && /^(?:files_modified|wave|phase):/mu.test(head))
      return 'front matter with phase, plan and files_modified';
    return /^<task\b[^>]*>\s*$/mu.test(input.text) && /<\/task>/u.test(input.text)
      ? 'tasks as <task> elements'
      : undefined;
  },
  read: readGsd,
};

function readGsd(input: SourceInput): Findings {
  const header = readHeader(input.text, input.path);
  const outline = readOutline(input.text, bodyStart(input.text));
  const data = header?.data ?? {};
  const plan = planId(data, input.path);
  const elements = taskElements(input.text);
  const drafts =
    elements.length === 0
      ? [wholePlan(input, plan)]
      : elements.map((element, index) => elementTask(element, { plan, number: index + 1, data }));
  addPlan(drafts, data, plan);
  return {
    input,
    format: 'gsd',
    formatWhy: '',
    feature: tag(input.text, 'objective')?.split('\n')[0] ?? asText(data['phase']) ?? plan,
    drafts,
    outline,
    reasons: new Map(
      outline.items.map(({ line }) => [line, 'it explains the plan; its tasks are the elements']),
    ),
    diagnostics: header?.diagnostics ?? [],
  };
}

/** `45-01` of phase `45-sound-preference-model` and plan `01`. */
function planId(data: DataRecord, path: string): string {
  const phase = /^(?:[A-Z]+-)*\d+(?:\.\d+)?/u.exec(asText(data['phase']))?.[0];
  const plan = asText(data['plan']);
  if (phase !== undefined && /^\d+[a-z]?$/u.test(plan))
    return `${phase.padStart(2, '0')}-${plan.padStart(2, '0')}`;
  const name = (path.split('/').at(-1) ?? path).replace(/-?PLAN\.md$|\.md$/u, '');
  return /^\d+-\d+/u.exec(plan)?.[0] ?? /\d+-\d+$/u.exec(name)?.[0] ?? name;
}

/** `03-01` of `03-01-auth-hardening`, `03-PLAN-01` and `03-01-PLAN.md`. */
function planNamed(text: string): string {
  const plain = text.replace(/-?PLAN(?:\.md)?(?=-|$)/u, '');
  return /^(?:[A-Z]+-)*\d+(?:\.\d+)?-\d+[a-z]?(?![\w.])/u.exec(plain)?.[0] ?? plain;
}

interface Element {
  readonly attributes: string;
  readonly body: string;
  readonly line: number;
  readonly endLine: number;
}

function taskElements(text: string): Element[] {
  const found: Element[] = [];
  let [line, from] = [1, 0];
  for (const match of text.matchAll(/<task\b([^>]{0,400})>([\s\S]*?)<\/task>/gu)) {
    line += newlines(text.slice(from, match.index));
    from = match.index;
    found.push({
      attributes: match[1] ?? '',
      body: match[2] ?? '',
      line,
      endLine: line + newlines(match[0]),
    });
  }
  return found;
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}

function tag(text: string, name: string): string | undefined {
  return new RegExp(`<${name}(?:\\s[^>]{0,200})?>([\\s\\S]*?)</${name}>`, 'u').exec(text)?.[1]?.trim();
}

interface PlanPlace {
  readonly plan: string;
  readonly number: number;
  readonly data: DataRecord;
}

function elementTask(element: Element, { plan, number, data }: PlanPlace): TaskDraft {
  const { body, attributes, line, endLine } = element;
  const own = body.replace(/<options?\b[\s\S]*<\/options?>/u, '');
  const name =
    ['name', 'decision', 'what-built', 'action', 'instructions']
      .map((each) => tag(own, each))
      .find((text) => text !== undefined) ?? `task ${number}`;
  const title = (name.split('\n')[0] ?? name).replace(/^Task \d+\s*[:：—–-]\s*/iu, '').trim();
  const draft = draftOf({
    id: `${plan}/${number}`,
    title,
    section: [asText(data['phase'])].filter((part) => part !== ''),
    line,
    endLine,
    aliases: [plan],
  });
  readTitle(draft, title);
  const checkpoint = /type="(checkpoint[\w:-]*)"/u.exec(attributes)?.[1];
  if (checkpoint !== undefined) {
    draft.kind = 'checkpoint';
    draft.approval = checkpoint;
  }
  readFiles(draft, body);
  const criteria = tag(body, 'acceptance_criteria') ?? tag(body, 'done');
  if (criteria !== undefined) draft.acceptance.push(criteria);
  if (number > 1)
    draft.references.push({
      targets: [`${plan}/${number - 1}`],
      reason: 'order',
      why: 'tasks of one plan run in order',
      line,
      isCertain: true,
    });
  return draft;
}

function readFiles(draft: TaskDraft, body: string): void {
  const files = tag(body, 'files');
  if (files !== undefined)
    addPaths(draft, findPaths(files.replaceAll('\n', ', ')), {
      rung: 1,
      why: 'listed in <files>',
      isVerify: false,
    });
  for (const path of findPaths((tag(body, 'read_first') ?? '').replaceAll('\n', ', ')))
    if (!draft.reads.includes(path.path)) draft.reads.push(path.path);
  const action = tag(body, 'action') ?? tag(body, 'how-to-verify') ?? '';
  if (files === undefined && draft.kind === 'task')
    for (const text of action.split('\n')) readDetail(draft, text.trim(), draft.line);
  else {
    draft.detail.push(action);
    addPaths(
      draft,
      findPaths(action).filter(({ role }) => role === 'forbidden'),
      { rung: 2, why: 'named in <action>', isVerify: false },
    );
  }
  draft.references.length = 0;
}

/** Files of the plan that no task names go to the task that speaks of them, else to the first that writes anything. */
function addPlan(drafts: readonly TaskDraft[], data: DataRecord, plan: string): void {
  const reference = recordReference('depends_on', data['depends_on'], 1);
  const targets = (reference?.targets ?? []).map((target) =>
    typeof target === 'string' ? planNamed(target) : target,
  );
  const [first] = drafts;
  if (first !== undefined && targets.length > 0)
    first.references.push({
      targets,
      reason: 'field',
      why: `plan ${plan} depends on ${asText(data['depends_on']) || 'earlier plans'}`,
      line: 1,
      isCertain: false,
    });
  const listed = asList(data['files_modified']).flatMap((value) => findPaths(asText(value)));
  for (const mention of listed) {
    if (drafts.some((draft) => draft.writes.some((write) => write.path === mention.path))) continue;
    const base = mention.path.slice(mention.path.lastIndexOf('/') + 1);
    const owner =
      drafts.find((draft) => draft.detail.some((text) => text.includes(base))) ??
      drafts.find((draft) => draft.kind === 'task');
    if (owner !== undefined)
      addPaths(owner, [{ ...mention, role: 'write' }], {
        rung: 1,
        why: 'listed under files_modified of the plan',
        isVerify: false,
      });
  }
}

function wholePlan(input: SourceInput, plan: string): TaskDraft {
  const objective = tag(input.text, 'objective') ?? plan;
  const draft = draftOf({
    id: plan,
    title: objective.split('\n')[0] ?? plan,
    section: [],
    line: 1,
    endLine: input.text.split('\n').length,
  });
  readTitle(draft, draft.title);
  return draft;
}
