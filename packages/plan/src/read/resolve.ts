import { rangeAt, type Diagnostic, type Range } from '#protocol';
import type { Dependency } from '../model.ts';
import type { RawReference, TaskDraft } from './task-draft.ts';

/** Dependencies by draft, and what could not be resolved. */
export interface Resolved {
  readonly dependencies: readonly (readonly Dependency[])[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds the tasks that references name: the id in its own section first, then anywhere, then groups (all their leaves). */
export function resolveReferences(
  drafts: readonly TaskDraft[],
  ids: readonly string[],
  { path, text }: { readonly path: string; readonly text: string },
): Resolved {
  const index = new NameIndex(drafts, ids);
  const edges = drafts.map(() => new Map<string, Dependency>());
  const diagnostics: Diagnostic[] = [];
  const lines = text.split('\n');
  drafts.forEach((draft, position) => {
    for (const reference of draft.references) {
      const { found: all, unknown } = index.resolve(reference, draft, position);
      const found = all.slice(-MAX_TARGETS);
      if (all.length > MAX_TARGETS) diagnostics.push(tooMany(draft, all.length, { reference, path }));
      for (const other of found) addEdge(edges[position], ids[other] ?? '', reference);
      for (const name of unknown) {
        // A file of one task names its neighbours, which are known where their files are read together.
        if (drafts.length === 1) addEdge(edges[position], name, reference);
        else diagnostics.push(unknownId(draft, { name, reference, path, lines }));
      }
    }
    for (const reference of draft.blocks) {
      const why = `${ids[position] ?? ''} says "${reference.why}"`;
      for (const other of index.resolve(reference, draft, position).found)
        addEdge(edges[other], ids[position] ?? '', { ...reference, why });
    }
  });
  return { dependencies: edges.map((map) => [...map.values()]), diagnostics };
}

// One phrase may stand for thousands of tasks ("depends on all"); as edges they would be the square of the document.
const MAX_TARGETS = 200;

function tooMany(
  draft: TaskDraft,
  count: number,
  { reference, path }: Pick<UnknownName, 'reference' | 'path'>,
): Diagnostic {
  return {
    severity: 'warning',
    code: 'DEPENDENCY_SHORTENED',
    message: `"${reference.why}" means ${count} tasks; only the last ${MAX_TARGETS} are kept`,
    path: draft.path ?? path,
    range: rangeAt(reference.line, 1),
    hint: 'name the last tasks of the group, or use phases',
  };
}

function addEdge(
  edges: Map<string, Dependency> | undefined,
  id: string,
  { reason, why }: RawReference,
): void {
  if (edges !== undefined && !edges.has(id)) edges.set(id, { id, reason, why });
}

class NameIndex {
  private readonly drafts: readonly TaskDraft[];
  private readonly byName = new Map<string, number[]>();
  private readonly byQualified = new Map<string, number[]>();
  private readonly byAlias = new Map<string, number[]>();
  private readonly byOwnAlias = new Map<string, number[]>();

  constructor(drafts: readonly TaskDraft[], ids: readonly string[]) {
    this.drafts = drafts;
    drafts.forEach((draft, position) => {
      const id = ids[position] ?? '';
      push(this.byName, normal(id), position);
      if (draft.id !== undefined && draft.id !== id) push(this.byName, normal(draft.id), position);
      if (draft.id !== undefined) push(this.byQualified, `${draft.qualifier}\0${normal(draft.id)}`, position);
      for (const alias of new Set(draft.aliases.map(normal))) {
        push(this.byAlias, alias, position);
        push(this.byOwnAlias, `${draft.qualifier}\0${alias}`, position);
      }
    });
  }

  resolve(
    reference: RawReference,
    from: TaskDraft,
    position: number,
  ): { found: readonly number[]; unknown: readonly string[] } {
    const found = new Set<number>();
    const unknown: string[] = [];
    for (const target of reference.targets) {
      const positions =
        typeof target === 'string' ? this.one(target, from, position) : this.range(target, from, position);
      if (positions.length === 0 && typeof target === 'string' && reference.isCertain) unknown.push(target);
      for (const other of positions) if (other !== position) found.add(other);
    }
    return { found: [...found], unknown };
  }

  private one(target: string, from: TaskDraft, position: number): readonly number[] {
    if (target === '*') return [...this.drafts.keys()];
    const name = normal(target);
    const own = this.byQualified.get(`${from.qualifier}\0${name}`);
    if (own !== undefined) return own;
    const ownGroup = this.byOwnAlias.get(`${from.qualifier}\0${name}`);
    if (ownGroup !== undefined) return others(ownGroup, position);
    const named = this.byName.get(name);
    if (named !== undefined) return named.length === 1 ? named : nearest(named, position);
    return others(this.byAlias.get(name) ?? [], position);
  }

  /** Every known id between two ids with the same prefix. */
  private range(
    { from, to }: { readonly from: string; readonly to: string },
    draft: TaskDraft,
    position: number,
  ): readonly number[] {
    const [low, high] = [lastNumber(from), lastNumber(to)];
    const prefix = from.slice(0, low.at);
    const numbers = Math.min(high.value - low.value, 1000);
    const found: number[] = [];
    for (let step = 0; step <= numbers; step += 1) {
      found.push(...this.one(prefix + String(low.value + step).padStart(low.width, '0'), draft, position));
    }
    return [...found, ...(high.suffix === '' ? [] : this.one(to, draft, position))];
  }
}

function lastNumber(id: string): { at: number; value: number; width: number; suffix: string } {
  const match = /(\d+)([a-z]?)$/u.exec(id);
  const digits = match?.[1] ?? '0';
  return {
    at: match?.index ?? id.length,
    value: Number(digits),
    width: digits.length,
    suffix: match?.[2] ?? '',
  };
}

/** A group, for who is not in it: a member that names it means no order among its fellows. */
function others(group: readonly number[], position: number): readonly number[] {
  return group.includes(position) ? [position] : group;
}

function nearest(positions: readonly number[], from: number): readonly number[] {
  const before = positions.filter((position) => position < from);
  return [before.at(-1) ?? positions[0] ?? 0];
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}

/** Ids compare without case, `#`, `.md` and the padding of a number. */
function normal(id: string): string {
  return id
    .trim()
    .toLowerCase()
    .replace(/^#|\.md$/gu, '')
    .replace(/(?<![\d.])0+(?=\d)/gu, '');
}

interface UnknownName {
  readonly name: string;
  readonly reference: RawReference;
  readonly path: string;
  /** The document's text; empty where several files are read as one. */
  readonly lines: readonly string[];
}

// A field of YAML or JSON stands some lines below the one that its task begins on.
const FIELD_LINES = 40;

/** Where a name stands: on the line that speaks of it, else further down in the same task, behind a word for order if there is one. */
function placeOfName(draft: TaskDraft, { name, reference, lines }: UnknownName): Range {
  const pattern = new RegExp(`(?<![\\w.-])${name.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')}(?![\\w-])`, 'u');
  const last = Math.min(lines.length, Math.max(reference.line, draft.endLine, reference.line + FIELD_LINES));
  for (let line = reference.line; line <= last; line += 1) {
    const text = lines[line - 1] ?? '';
    const word = /depend|need|after|block|require|prereq|wait/iu.exec(text)?.index ?? 0;
    const found = pattern.exec(text.slice(word));
    const isField = line > reference.line && word === 0 && !/^\s*-?\s*["'\w]+["']?,?$/u.test(text);
    if (found !== null && !isField) return rangeAt(line, word + found.index + 1, name.length);
  }
  return rangeAt(reference.line, draft.line === reference.line ? draft.column : 1);
}

function unknownId(draft: TaskDraft, unknown: UnknownName): Diagnostic {
  const { name, path } = unknown;
  return {
    severity: 'warning',
    code: 'TASK_ID_UNKNOWN',
    message: `"${draft.id ?? draft.title.slice(0, 60)}" waits for "${name.slice(0, 60)}", which no task is called`,
    path: draft.path ?? path,
    range: placeOfName(draft, unknown),
    hint: 'correct the id, or remove the dependency',
  };
}
