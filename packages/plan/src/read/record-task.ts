import { fieldName } from './field-name.ts';
import type { RawReference, TaskDraft } from './task-draft.ts';
import { readDetail, readField } from './task-text.ts';

/** A mapping of unknown content, as front matter and JSON give. */
export type DataRecord = Readonly<Record<string, unknown>>;

/** The value when it is a mapping, else `undefined`. */
export function asRecord(value: unknown): DataRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as DataRecord)
    : undefined;
}

/** Text of a scalar; empty for anything else. */
export function asText(value: unknown): string {
  return typeof value === 'string'
    ? value.trim()
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** A list's members; a scalar is a list of one, a comma-separated text a list of its parts. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string')
    return value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '' && !/^(?:none|n\/a|-)$/iu.test(part));
  return value === undefined || value === null ? [] : [value];
}

/** Adds every field of a record under any of its names; `skip` lists keys that the reader takes itself. */
export function readRecord(
  draft: TaskDraft,
  record: DataRecord,
  line: number,
  skip: ReadonlySet<string> = new Set(),
): void {
  for (const [key, value] of Object.entries(record)) {
    const name = fieldName(key);
    if (name === undefined || skip.has(key) || value === null || value === undefined) continue;
    if (name === 'depends' || name === 'blocks') {
      const reference = recordReference(key, value, line);
      if (reference !== undefined) (name === 'depends' ? draft.references : draft.blocks).push(reference);
    } else if (name === 'conflicts') draft.conflictsWith.push(...asList(value).map(asText).filter(isSaid));
    else if (name === 'acceptance') draft.acceptance.push(...lines(value));
    else if (name === 'description') for (const text of lines(value)) readDetail(draft, text, line);
    else readField(draft, { name, value: '', list: entries(value), line, label: key });
  }
}

function isSaid(text: string): boolean {
  return text !== '';
}

function lines(value: unknown): string[] {
  return asList(Array.isArray(value) ? value : [value])
    .flatMap((one) => textOf(one).split('\n'))
    .map((text) => text.trim())
    .filter(isSaid);
}

function entries(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(textOf).filter(isSaid);
}

/** `{path: a.ts, action: create}` reads as `a.ts (create)`. */
function textOf(value: unknown): string {
  const record = asRecord(value);
  if (record === undefined) return asText(value);
  const action = asText(record['action'] ?? record['mode'] ?? record['change']);
  const path = asText(
    record['path'] ??
      record['file'] ??
      record['name'] ??
      record['text'] ??
      record['title'] ??
      record['description'],
  );
  return action === '' || path === '' ? path : `${path} (${action})`;
}

/** A dependency field's ids, exactly as listed. */
export function recordReference(key: string, value: unknown, line: number): RawReference | undefined {
  const targets = asList(value)
    .map((one) => asText(asRecord(one)?.['id'] ?? one))
    .map((text) => text.replace(/^(?:task|issue)\s+(?=\d)/iu, ''))
    .filter(isSaid);
  if (targets.length === 0) return undefined;
  return {
    targets,
    reason: 'field',
    why: `${key}: ${targets.join(', ').slice(0, 80)}`,
    line,
    isCertain: true,
  };
}
