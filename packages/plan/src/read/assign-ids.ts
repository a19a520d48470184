import { rangeAt, type Diagnostic } from '#protocol';
import type { TaskDraft } from './task-draft.ts';

/** Ids of drafts, each used once. */
export interface AssignedIds {
  readonly ids: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Keeps ids as written. Where an id is repeated, every bearer is qualified by its section's short name (`WP02/T003`), and within
 * one section by its number (`T020#2`). Tasks without an id get one from their title, so that inserting a task renames no other.
 */
export function assignIds(drafts: readonly TaskDraft[], path: string): AssignedIds {
  const bearers = new Map<string, number>();
  for (const { id } of drafts) if (id !== undefined) bearers.set(id, (bearers.get(id) ?? 0) + 1);
  const isPacked = drafts.some(
    ({ id, qualifier }) => (bearers.get(id ?? '') ?? 0) > 1 && CODE.test(qualifier),
  );
  const used = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const counters = new Map<string, number>();
  const ids = drafts.map((draft) => {
    const wanted = wantedId(draft, bearers, isPacked);
    const id = uniqueId(wanted, used, counters);
    used.add(id);
    if (draft.id !== undefined && id !== draft.id && (bearers.get(draft.id) ?? 0) > 1)
      diagnostics.push(duplicate(draft, id, path));
    return id;
  });
  return { ids, diagnostics };
}

const CODE = /^(?:\*\*)?([A-Z]{1,6}-?\d+)\b/u;

/** Where ids begin anew in every work package, all tasks of packages are qualified, whether or not their own id is repeated. */
function wantedId(draft: TaskDraft, bearers: ReadonlyMap<string, number>, isPacked: boolean): string {
  if (draft.id === undefined) return titleId(draft.title);
  const qualifier = shortQualifier(draft.qualifier);
  const isRepeated = (bearers.get(draft.id) ?? 0) > 1 || (isPacked && CODE.test(draft.qualifier));
  return isRepeated && qualifier !== '' ? `${qualifier}/${draft.id}` : draft.id;
}

/** The id, or where it is used already the first of `id#2`, `id#3` … that is not; `counters` tell where to go on. */
export function uniqueId(
  wanted: string,
  used: ReadonlySet<string>,
  counters: Map<string, number> = new Map(),
): string {
  if (!used.has(wanted)) return wanted;
  let number = counters.get(wanted) ?? 2;
  while (used.has(`${wanted}#${number}`)) number += 1;
  counters.set(wanted, number + 1);
  return `${wanted}#${number}`;
}

/** `WP02` of `WP02 — Runtime bridge`, `Phase-3` of `Phase 3: Story`, else the title's words. */
function shortQualifier(qualifier: string): string {
  const code = CODE.exec(qualifier)?.[1];
  if (code !== undefined) return code;
  const phase = /^(phase|stage|wave|epic|stream|step|milestone|sprint)\s+([\dA-Z]+)/iu.exec(qualifier);
  if (phase !== null) return `${phase[1] ?? ''}-${phase[2] ?? ''}`;
  return titleId(qualifier, '').slice(0, 24).replace(/-+$/u, '');
}

const MAX_LENGTH = 48;

/** Words of a title in lower case, joined by `-`, at most 48 characters, cut between words. */
export function titleId(title: string, fallback = 'task'): string {
  const slug = title
    .slice(0, 400)
    .normalize('NFC')
    .toLowerCase()
    .replace(/\([^()]*\)|\[[^\][]*\]/gu, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/gu, '');
  if (slug.length <= MAX_LENGTH) return slug === '' ? fallback : slug;
  const cut = slug.slice(0, MAX_LENGTH + 1);
  const end = cut.lastIndexOf('-');
  return end > 12 ? cut.slice(0, end) : cut.slice(0, MAX_LENGTH);
}

function duplicate(draft: TaskDraft, id: string, path: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'TASK_ID_DUPLICATE',
    message: `"${draft.id ?? ''}" is the id of several tasks; this one is called "${id}" here`,
    path: draft.path ?? path,
    range: rangeAt(draft.line, draft.column),
    hint: 'give each task an id of its own',
  };
}
