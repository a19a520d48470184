import { parseDuration, rangeAt, type Diagnostic } from '#protocol';
import { parsePriority, TASK_DEFAULTS, type Task } from './task.ts';

/** Where a task's fields stand, for messages. */
export interface FieldPlace {
  readonly path: string;
  readonly line: number;
  readonly id: string;
}

type Fields = Readonly<Record<string, unknown>>;

const NAMES = {
  title: ['title', 'name', 'summary', 'task'],
  agent: ['agent', 'owner', 'role', 'assignee', 'agent_profile', 'assigned_to'],
  dependsOn: [
    'depends_on',
    'dependson',
    'dependencies',
    'deps',
    'depends',
    'blocked_by',
    'after',
    'requires',
  ],
  parallelOk: ['parallel_ok', 'parallelok', 'parallel', 'parallel_safe'],
  produces: ['produces', 'outputs', 'provides'],
  consumes: ['consumes', 'inputs', 'needs'],
  priority: ['priority'],
  checkpoint: ['checkpoint', 'needs_approval', 'approval'],
  acceptance: ['acceptance', 'verify', 'test', 'acceptance_command', 'validation'],
  gates: ['gates', 'required_gates', 'quality_gates'],
  criteria: ['acceptance_criteria', 'criteria', 'done_when', 'success_criteria'],
  retries: ['retries', 'max_retries'],
  estimate: [
    'estimate',
    'estimate_minutes',
    'estimated_minutes',
    'estimated_hours',
    'hours',
    'duration',
    'time',
  ],
  detail: ['description', 'detail', 'details', 'goal', 'notes', 'instructions'],
  create: ['create', 'files_to_create', 'creates'],
  read: ['read', 'reads', 'reference', 'context'],
  modify: [
    'files',
    'modify',
    'files_modified',
    'files_to_modify',
    'modified_files',
    'owned_files',
    'allowed_paths',
    'affected_paths',
    'write_scope',
    'touches',
  ],
} as const;

/** True when the mapping has a field that only a task would have. */
export function looksLikeTask(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  const known = new Set<string>([
    ...NAMES.title,
    ...NAMES.dependsOn,
    ...NAMES.parallelOk,
    ...NAMES.modify,
    ...NAMES.estimate,
    'id',
    'task_id',
  ]);
  return Object.keys(value).some((key) => known.has(fold(key)));
}

const FIELD_NAMES: ReadonlySet<string> = new Set<string>(['id', 'task_id', ...Object.values(NAMES).flat()]);

/** True for a name, in any spelling, that a task's field has. */
export function isFieldName(name: string): boolean {
  return FIELD_NAMES.has(fold(name));
}

/** A task of the fields that somebody wrote; what cannot be read is a diagnostic and its default holds. */
export function taskOfFields(fields: Fields, place: FieldPlace, diagnostics: Diagnostic[]): Task {
  const reader = createReader(fields, place, diagnostics);
  const fileFields = reader.raw('modify');
  const files = isFields(fileFields) ? createReader(fileFields, place, diagnostics) : reader;
  const acceptance = reader.raw('acceptance');
  const isCommand = typeof acceptance === 'string';
  return {
    ...TASK_DEFAULTS,
    id: place.id,
    title: reader.text('title') ?? place.id,
    agent: reader.text('agent'),
    files: {
      create: files.list('create'),
      modify: files === reader || files.has('modify') ? files.list('modify') : [],
      read: files.list('read'),
    },
    dependsOn: reader.list('dependsOn'),
    parallelOk: reader.flag('parallelOk') ?? TASK_DEFAULTS.parallelOk,
    produces: reader.list('produces'),
    consumes: reader.list('consumes'),
    priority: reader.priority() ?? TASK_DEFAULTS.priority,
    checkpoint: reader.flag('checkpoint') ?? TASK_DEFAULTS.checkpoint,
    acceptance: isCommand ? acceptance : undefined,
    gates: commandsOf(reader),
    criteria: [...reader.list('criteria'), ...(isCommand ? [] : reader.list('acceptance'))],
    retries: reader.count('retries') ?? TASK_DEFAULTS.retries,
    estimateMinutes: reader.minutes() ?? TASK_DEFAULTS.estimateMinutes,
    detail: reader.text('detail') ?? '',
    source: { path: place.path, line: place.line },
  };
}

// A command may hold commas, so one alone is not split.
function commandsOf(reader: FieldReader): readonly string[] {
  const gates = reader.raw('gates');
  return typeof gates === 'string' ? [gates.trim()].filter((text) => text !== '') : reader.list('gates');
}

interface FieldReader {
  readonly has: (field: keyof typeof NAMES) => boolean;
  readonly raw: (field: keyof typeof NAMES) => unknown;
  readonly text: (field: keyof typeof NAMES) => string | undefined;
  readonly list: (field: keyof typeof NAMES) => readonly string[];
  readonly flag: (field: keyof typeof NAMES) => boolean | undefined;
  readonly count: (field: keyof typeof NAMES) => number | undefined;
  readonly priority: () => Task['priority'] | undefined;
  readonly minutes: () => number | undefined;
}

function createReader(fields: Fields, place: FieldPlace, diagnostics: Diagnostic[]): FieldReader {
  const folded = new Map(Object.entries(fields).map(([key, value]) => [fold(key), value]));
  const keyOf = (field: keyof typeof NAMES): string | undefined =>
    NAMES[field].find((name) => folded.has(name));
  const raw = (field: keyof typeof NAMES): unknown => {
    const key = keyOf(field);
    return key === undefined ? undefined : folded.get(key);
  };
  const misfit = (field: keyof typeof NAMES, expected: string): undefined => {
    const actual = JSON.stringify(raw(field)) ?? 'nothing';
    diagnostics.push({
      severity: 'error',
      code: 'FIELD_INVALID',
      message: `${place.id}: ${keyOf(field) ?? field}`,
      path: place.path,
      range: rangeAt(place.line),
      expected,
      actual,
    });
    return undefined;
  };
  return {
    has: (field) => keyOf(field) !== undefined,
    raw,
    text: (field) => textOf(raw(field)),
    list: (field) => listOf(raw(field)) ?? misfit(field, 'a list of words') ?? [],
    flag(field) {
      const value = raw(field);
      if (value === undefined || value === null) return undefined;
      const word = (JSON.stringify(value) ?? '').toLowerCase().replaceAll('"', '');
      if (['true', 'yes', 'y'].includes(word)) return true;
      return ['false', 'no', 'n'].includes(word) ? false : misfit(field, 'true or false');
    },
    count(field) {
      const value = raw(field);
      if (value === undefined || value === null) return undefined;
      const count = Number(value);
      return Number.isInteger(count) && count >= 0 ? count : misfit(field, 'a whole number from 0');
    },
    priority() {
      const text = textOf(raw('priority'));
      return text === undefined
        ? undefined
        : (parsePriority(text) ?? misfit('priority', 'critical, high, medium or low'));
    },
    minutes() {
      const value = raw('estimate');
      if (value === undefined || value === null) return undefined;
      const hours = (keyOf('estimate') ?? '').endsWith('hours');
      return minutesOf(value, hours) ?? misfit('estimate', 'minutes, or a duration like 90m or 2h');
    },
  };
}

function minutesOf(value: unknown, isHours: boolean): number | undefined {
  const text = String(value).trim();
  if (/^\d+(?:\.\d+)?$/u.test(text)) return Math.round(Number(text) * (isHours ? 60 : 1));
  const words = text
    .toLowerCase()
    .replace(/\s*(?:minutes?|mins?)\b/gu, 'm')
    .replace(/\s*(?:hours?|hrs?)\b/gu, 'h')
    .replace(/\s*days?\b/gu, 'd')
    .replace(/^~/u, '');
  const range = /^(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?\s*[mhd])$/u.exec(words);
  const parsed = parseDuration(range?.[2] ?? words);
  return parsed.ok ? Math.round(parsed.value / 60_000) : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  return typeof value === 'number' ? String(value) : undefined;
}

function listOf(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null || value === false) return [];
  if (Array.isArray(value)) {
    const items = value.map(textOf);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const text = textOf(value);
  if (text === undefined) return value === '' ? [] : undefined;
  const bare = text.replace(/^\[|\]$/gu, '');
  return /^(?:none|n\/a|nothing|-|–|)$/iu.test(bare.trim())
    ? []
    : bare
        .split(/[,;]/u)
        .map((item) => item.trim().replace(/^[`'"]|[`'"]$/gu, ''))
        .filter((item) => item !== '');
}

/** True for a mapping. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fold(key: string): string {
  return key
    .trim()
    .replace(/([a-z])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .replace(/[\s-]+/gu, '_');
}
