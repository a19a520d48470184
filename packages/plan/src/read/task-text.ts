import type { FileRef, Rung } from '../model.ts';
import { asksForPerson } from './checkpoint-line.ts';
import { commandOf } from './command-text.ts';
import { inlineEstimate, parseEstimate } from './estimate-text.ts';
import { labelledLine, labelledParts, type FieldName } from './field-name.ts';
import { expandBraces, findPaths, type PathMention } from './path-mention.ts';
import { cleanPath } from './path-text.ts';
import { findReferences, readFollowers, readIdList } from './reference.ts';
import type { Item } from './outline.ts';
import { wordStatus, type TaskDraft } from './task-draft.ts';
import { isCheckpoint, isVerifyOnly, saysChange } from './verify-text.ts';

/** Adds what the task's own line says: paths, dependencies, an estimate. */
export function readTitle(draft: TaskDraft, text: string): void {
  addPaths(draft, findPaths(text), { rung: 2, why: 'named in the task', isVerify: isVerifyOnly(text) });
  draft.references.push(...findReferences(text, draft.line));
  const followers = readFollowers(text, draft.line);
  draft.references.push(...followers.references);
  draft.blocks.push(...followers.blocks);
  draft.estimate ??= inlineEstimate(text);
  if (isCheckpoint(text)) {
    draft.kind = 'checkpoint';
    if (asksForPerson(text)) draft.approval = text.slice(0, 120);
  } else if (isVerifyOnly(text)) draft.kind = 'verify';
}

/** Adds what stands under the task: labelled bullets as fields, other bullets as detail whose paths count. */
export function readChildren(draft: TaskDraft, children: readonly Item[]): void {
  for (const child of children) readChild(draft, child);
}

function readChild(draft: TaskDraft, child: Item): void {
  const [text = '', ...others] = labelledParts(child.text.trim());
  if (others.length > 0) readNotes(draft, others, child.line);
  const label = labelledLine(text);
  if (label !== undefined) {
    const nested = flatten(child.children);
    readField(draft, {
      name: label.name,
      value: label.value,
      list: [...nested.map((item) => item.text), ...child.notes],
      line: child.line,
      label: label.label,
    });
    return;
  }
  readDetail(draft, text, child.line);
  readNotes(draft, child.notes, child.line);
  readChildren(draft, child.children);
}

/** Adds lines of text under a task, each a field or a detail. */
export function readNotes(draft: TaskDraft, notes: readonly string[], line: number): void {
  for (const note of notes.flatMap(labelledParts)) {
    const label = labelledLine(note);
    if (label === undefined) readDetail(draft, note, line);
    else readField(draft, { name: label.name, value: label.value, list: [], line, label: label.label });
  }
}

/** Every item below, in document order. */
export function flatten(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...flatten(item.children)]);
}

/** Adds a line of description: its paths are the task's unless it is about checking something. */
export function readDetail(draft: TaskDraft, text: string, line: number): void {
  if (text === '') return;
  if (draft.kind === 'checkpoint' && asksForPerson(text)) draft.approval ??= text.slice(0, 120);
  draft.detail.push(text);
  addPaths(draft, findPaths(text), {
    rung: 2,
    why: `named below the task, line ${line}`,
    isVerify: isVerifyOnly(text) || (draft.kind === 'verify' && !saysChange(text)),
  });
  draft.references.push(...findReferences(text, line));
  draft.estimate ??= /^(?:est|effort|~)/iu.test(text) ? inlineEstimate(text) : undefined;
}

/** A field of a task: its value on the line and the items listed below it. */
export interface FieldValue {
  readonly name: FieldName;
  readonly value: string;
  readonly list: readonly string[];
  readonly line: number;
  readonly label: string;
}

/** Adds a labelled field. */
export function readField(draft: TaskDraft, field: FieldValue): void {
  const all = [field.value, ...field.list].filter((text) => text !== '');
  const text = all.join(', ');
  switch (field.name) {
    case 'files':
    case 'create':
    case 'modify':
    case 'delete':
    case 'read':
    case 'forbidden':
      for (const entry of all) addListedPaths(draft, field, entry);
      return;
    case 'depends':
      return addDependencies(draft, all, field.line);
    case 'blocks':
      draft.blocks.push({
        targets: readIdList(text).targets,
        reason: 'field',
        why: `${field.label}: ${text.slice(0, 80)}`,
        line: field.line,
        isCertain: false,
      });
      return;
    case 'conflicts':
      draft.conflictsWith.push(...readIdList(text).targets.filter((target) => typeof target === 'string'));
      return;
    case 'acceptance':
      draft.acceptance.push(...all);
      return;
    case 'gate':
    case 'approval':
      for (const entry of all) addGate(draft, field, entry);
      return;
    case 'skills':
      draft.skills.push(
        ...all
          .flatMap((entry) => entry.split(','))
          .map(plain)
          .filter((entry) => entry !== ''),
      );
      return;
    case 'description':
      for (const entry of all) readDetail(draft, entry, field.line);
      return;
    case 'note':
    case 'phase':
      draft.detail.push(...all.map((entry) => `${field.label}: ${entry}`));
      return;
    default:
      return readScalar(draft, field.name, text);
  }
}

/** A command is a gate; a name, a yes or words for it ask for a person; anything else says when the task is done. */
function addGate(draft: TaskDraft, { name, label }: FieldValue, entry: string): void {
  const command = commandOf(entry);
  const value = plain(entry);
  if (command !== undefined) draft.gates.push(command);
  if (/^(?:no|none|false|n\/a|not required|-|—)?$/iu.test(value)) return;
  const isYes = /^(?:yes|true|required|needed|human|y)\b/iu.test(value);
  const isDecision = name === 'approval' && !/checkpoint/iu.test(label);
  if (isYes || asksForPerson(value) || (isDecision && command === undefined))
    draft.approval ??= `${label}: ${value.slice(0, 100)}`;
  else if (command === undefined) draft.acceptance.push(entry);
}

function readScalar(draft: TaskDraft, name: FieldName, text: string): void {
  const value = plain(text);
  if (value === '') return;
  if (name === 'parallel') draft.parallel = /^(?:true|yes|y|1|✅|はい|是)/iu.test(value);
  else if (name === 'priority') draft.priority = value.slice(0, 40);
  else if (name === 'agent') draft.agent = value.replace(/^@/u, '').slice(0, 64);
  else if (name === 'status') draft.status = wordStatus(value);
  else if (name === 'hours' || name === 'minutes' || name === 'days' || name === 'points')
    setEstimate(draft, parseEstimate(value, name));
  else if (name === 'estimate' || name === 'size') setEstimate(draft, parseEstimate(value));
}

/** Time that the document gives wins over a size or points. */
function setEstimate(draft: TaskDraft, estimate: TaskDraft['estimate']): void {
  if (estimate === undefined || draft.estimate?.reason === 'given') return;
  if (draft.estimate === undefined || estimate.reason === 'given') draft.estimate = estimate;
}

function plain(text: string): string {
  return text.replace(/^[*_`"'\s]+|[*_`"'\s.]+$/gu, '').trim();
}

function addDependencies(draft: TaskDraft, entries: readonly string[], line: number): void {
  for (const entry of entries) {
    const text = entry.replace(/^[*_`[("'\s]+/u, '');
    if (/^(?:none|n\/a|-|—|なし|无|無|없음|yok|aucun|keine)\b|^$/iu.test(text)) continue;
    const why = `the field says ${entry.slice(0, 80)}`;
    if (/^(?:all|everything)\b/iu.test(text))
      draft.references.push({ targets: ['*'], reason: 'field', why, line, isCertain: true });
    else {
      const { targets } = readIdList(text);
      if (targets.length > 0) draft.references.push({ targets, reason: 'field', why, line, isCertain: true });
      else if (text.length < 200)
        draft.references.push({
          targets: [text.replace(/[\])*_`"'.\s]+$/u, '')],
          reason: 'field',
          why,
          line,
          isCertain: false,
        });
    }
  }
}

function addListedPaths(draft: TaskDraft, field: FieldValue, entry: string): void {
  const why = `listed under "${field.label}"`;
  if (field.name === 'forbidden' || field.name === 'read') draft.detail.push(`${field.label}: ${entry}`);
  const mode =
    field.name === 'create' || field.name === 'modify' || field.name === 'delete' ? field.name : undefined;
  for (const mention of listedPaths(entry)) {
    const role = field.name === 'read' ? 'read' : field.name === 'forbidden' ? 'forbidden' : mention.role;
    addPaths(draft, [{ ...mention, role, mode: mode ?? entryMode(entry) ?? mention.mode }], {
      rung: 1,
      why,
      isVerify: false,
    });
  }
}

/** Paths of one entry of a file list; a bare name without extension counts there when it has a slash. */
function listedPaths(entry: string): PathMention[] {
  const found = findPaths(entry);
  if (found.length > 0) return found;
  const first =
    entry
      .trim()
      .replace(/^[`*"']+|[`*"']+$/gu, '')
      .split(/[\s(]/u)[0] ?? '';
  if (!/^[\w.@/*{}[\]-]+\/[\w.@/*{}[\]-]+$/u.test(first)) return [];
  return expandBraces(first).flatMap((path) => {
    const clean = cleanPath(`${path.replace(/\/+$/u, '')}/`, 'code');
    return clean === undefined
      ? []
      : [
          {
            ...clean,
            role: 'write' as const,
            mode: 'unknown' as const,
            start: 0,
            end: 0,
            markup: 'bare' as const,
          },
        ];
  });
}

function entryMode(entry: string): FileRef['mode'] | undefined {
  if (/\((?:new|create[d]?|新規|新建)\b|\b(?:new file|CREATE)\b|新規作成/u.test(entry)) return 'create';
  if (/\((?:modify|modified|update[d]?|edit|existing|MODIFY)\b|\bMODIFY\b/u.test(entry)) return 'modify';
  if (/\((?:delete[d]?|remove[d]?)\b|\bDELETE\b/u.test(entry)) return 'delete';
  return undefined;
}

/** How mentions of paths enter a draft. */
export interface PathEntry {
  readonly rung: Rung;
  readonly why: string;
  /** True for text that only checks something: it reads. */
  readonly isVerify: boolean;
}

/** Adds mentions by their role; the first mention of a path decides, a write wins over a read. */
export function addPaths(draft: TaskDraft, mentions: readonly PathMention[], entry: PathEntry): void {
  for (const mention of mentions) {
    if (mention.role === 'forbidden') addOnce(draft.forbidden, mention.path);
    else if (mention.role === 'read' || (entry.isVerify && mention.role === 'write'))
      addOnce(draft.reads, mention.path);
    else if (!draft.forbidden.includes(mention.path)) addWrite(draft, mention, entry);
  }
}

function addWrite(draft: TaskDraft, mention: PathMention, entry: PathEntry): void {
  const { path, mode, symbol } = mention;
  const index = draft.writes.findIndex((write) => write.path === path);
  const known = draft.writes[index];
  const { symbols: before, ...whole } = known ?? { path, mode, rung: entry.rung, why: entry.why };
  const isSurer = known !== undefined && known.rung > entry.rung;
  // A mention without a part means the whole file, whatever parts another one names.
  const symbols =
    symbol === undefined || (known !== undefined && before === undefined)
      ? []
      : [...new Set([...(before ?? []), symbol])];
  const write: FileRef = {
    ...whole,
    ...(isSurer ? { mode, rung: entry.rung, why: entry.why } : {}),
    ...(symbols.length === 0 ? {} : { symbols }),
  };
  if (known === undefined) draft.writes.push(write);
  else draft.writes[index] = write;
}

function addOnce(list: string[], value: string): void {
  if (!list.includes(value)) list.push(value);
}
