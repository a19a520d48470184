import { problemOf } from '#glob';
import {
  ACCESS_LEVELS,
  err,
  hasErrors,
  nearest,
  ok,
  ownershipMatrixSchema,
  type Diagnostic,
  type OwnershipMatrix,
  type Result,
} from '#protocol';
import { fieldRange, keyRange } from './key-position.ts';

const SETTINGS = new Set(['version', 'default', 'zones']);
const FIELDS = ['owner', 'access', 'order', 'except', 'fragments', 'mode', 'section', 'why'];

interface Reading {
  readonly text: string;
  readonly path: string;
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads `.squad/ownership.yaml`: every top-level key but `version`, `default` and `zones` is a pattern. Reports every
 * problem with its place. Patterns come back with a leading `/`. Overlaps are the matter of `findAmbiguities`.
 */
export async function parseOwnership(
  text: string,
  path: string,
): Promise<Result<OwnershipMatrix, readonly Diagnostic[]>> {
  // Loaded only here: the fast path reads the compiled twin and never needs YAML.
  const { parseYaml } = await import('#markdown');
  const parsed = parseYaml(text, path);
  if (!parsed.ok) return parsed;
  const reading: Reading = { text, path, diagnostics: [] };
  const document = parsed.value ?? {};
  if (!isMapping(document)) {
    report(reading, '', {
      message: 'the matrix is not a mapping',
      expected: 'patterns with owner and access',
    });
    return err(reading.diagnostics);
  }
  const draft = {
    version: document['version'] ?? 1,
    default: readDefault(document['default']),
    zones: readZones(document['zones']),
    paths: readPaths(reading, document),
  };
  const decoded = ownershipMatrixSchema.decode(draft);
  if (!decoded.ok) for (const misfit of decoded.error) reportMisfit(reading, misfit);
  checkFields(reading, draft.paths);
  checkPatterns(reading, draft.paths);
  checkOwners(reading, draft.paths);
  if (!decoded.ok || hasErrors(reading.diagnostics)) return err(reading.diagnostics);
  return ok(decoded.value);
}

function report(
  reading: Reading,
  key: string,
  problem: Pick<Diagnostic, 'message'> & Partial<Diagnostic>,
): void {
  const range = key === '' ? undefined : keyRange(reading.text, key);
  reading.diagnostics.push({
    severity: 'error',
    code: 'FIELD_INVALID',
    path: reading.path,
    ...(range === undefined ? {} : { range }),
    ...problem,
  });
}

function readDefault(value: unknown): unknown {
  if (value === undefined || value === null) return { owner: 'NONE', access: 'SEQUENTIAL' };
  if (typeof value === 'string') return { owner: 'NONE', access: value };
  return isMapping(value) ? { owner: 'NONE', ...value } : value;
}

function readZones(value: unknown): unknown {
  if (value === undefined || value === null) return {};
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([name, zone]) => [
    name,
    Array.isArray(zone) ? { commands: zone } : zone,
  ]);
  return Object.fromEntries(entries) as unknown;
}

function readPaths(reading: Reading, document: Record<string, unknown>): Record<string, unknown> {
  const paths: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) {
    if (SETTINGS.has(key)) continue;
    const pattern = key.startsWith('/') ? key : `/${key}`;
    if (Object.hasOwn(paths, pattern)) report(reading, key, { message: `"${pattern}" has two rules` });
    else if (!isMapping(value)) {
      report(reading, key, {
        message: `"${key}" is not a rule`,
        expected: 'a mapping with owner and access',
        actual: value === null ? 'nothing' : JSON.stringify(value).slice(0, 60),
        hint: `write: ${key}: { owner: NONE, access: SEQUENTIAL }`,
      });
    } else paths[pattern] = { owner: 'NONE', ...value };
  }
  return paths;
}

function reportMisfit(reading: Reading, misfit: { at: string; expected: string; actual: string }): void {
  const { at, expected, actual } = misfit;
  const isVersion = at === 'version';
  const pattern = /^paths\.(.+?)(?:\.(owner|access|order|except|fragments|mode|section|why)\b.*)?$/u.exec(at);
  const key = pattern?.[1] ?? at.split('.')[0] ?? '';
  const field = pattern?.[2] ?? at.split('.')[1];
  const range = field === undefined ? keyRange(reading.text, key) : fieldRange(reading.text, key, field);
  reading.diagnostics.push({
    severity: 'error',
    code: isVersion ? 'FORMAT_VERSION_UNSUPPORTED' : 'FIELD_INVALID',
    message: pattern === null ? at : `${field ?? 'the rule'} of ${key}`,
    path: reading.path,
    ...(range === undefined ? {} : { range }),
    expected: field === 'access' ? ACCESS_LEVELS.join(' | ') : expected,
    actual,
  });
}

// Fields that are not known are kept, for they may be a later version's; one like a known one is a slip that would be obeyed by
// nobody.
function checkFields(reading: Reading, paths: Record<string, unknown>): void {
  for (const [pattern, rule] of Object.entries(paths)) {
    for (const field of isMapping(rule) ? Object.keys(rule) : []) {
      const meant = FIELDS.includes(field) ? undefined : nearest(field, FIELDS);
      if (meant === undefined) continue;
      const range = fieldRange(reading.text, pattern, field);
      report(reading, pattern, {
        message: `"${field}" is no field of a rule`,
        ...(range === undefined ? {} : { range }),
        hint: `did you mean: ${meant}`,
      });
    }
  }
}

function checkPatterns(reading: Reading, paths: Record<string, unknown>): void {
  for (const [pattern, rule] of Object.entries(paths)) {
    const except: unknown = isMapping(rule) ? rule['except'] : undefined;
    const patterns: unknown[] = [pattern, ...(Array.isArray(except) ? except : [])];
    for (const each of patterns) {
      if (typeof each !== 'string') continue;
      const problem = problemOf(each);
      if (problem === undefined) continue;
      report(reading, pattern, {
        code: 'PATTERN_INVALID',
        message: `${each}: ${problem.message}`,
        ...(problem.hint === undefined ? {} : { hint: problem.hint }),
      });
    }
  }
}

// EXCLUSIVE to nobody would be a path that nobody may write without saying so.
function checkOwners(reading: Reading, paths: Record<string, unknown>): void {
  for (const [pattern, rule] of Object.entries(paths)) {
    if (!isMapping(rule) || rule['access'] !== 'EXCLUSIVE' || rule['owner'] !== 'NONE') continue;
    report(reading, pattern, {
      message: `${pattern} is EXCLUSIVE but has no owner`,
      hint: 'name the owner, or write SEQUENTIAL (anyone, one at a time) or READ-ONLY',
    });
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
