import { numberIn, objectIn, objectsIn, textIn, type JsonObject } from '../client/json-line.ts';

/** How bad a finding is, in the words of SARIF. */
export type Severity = 'error' | 'warning' | 'note';

/** One thing that a reviewer found. */
export interface Finding {
  readonly severity: Severity;
  /** A short name of the kind of problem. */
  readonly rule: string;
  readonly message: string;
  /** Repo-relative. */
  readonly path?: string;
  readonly line?: number;
  /** Who found it: lenses, environments or agents. */
  readonly by: readonly string[];
}

const WORDS: Readonly<Record<string, Severity>> = {
  error: 'error',
  critical: 'error',
  blocker: 'error',
  high: 'error',
  major: 'error',
  warning: 'warning',
  warn: 'warning',
  medium: 'warning',
  moderate: 'warning',
  note: 'note',
  low: 'note',
  minor: 'note',
  info: 'note',
  nit: 'note',
};

/**
 * Findings in what an agent said: the last JSON object with a `findings` list, fenced or bare. `undefined` when there is
 * none, which is no verdict at all: an empty list is one.
 */
export function parseFindings(text: string, by: string): readonly Finding[] | undefined {
  const documents = [...fencedBlocks(text), ...bareObjects(text)];
  const last = documents.findLast((document) => Array.isArray(document['findings']));
  return last === undefined ? undefined : objectsIn(last['findings']).flatMap((item) => findingOf(item, by));
}

function findingOf(item: JsonObject, by: string): readonly Finding[] {
  const message = textIn(item['message']) ?? textIn(item['description']) ?? textIn(item['title']);
  if (message === undefined) return [];
  const severity = WORDS[(textIn(item['severity']) ?? 'warning').toLowerCase()] ?? 'warning';
  const path = (textIn(item['path']) ?? textIn(item['file']))?.replace(/^(?:\.?\/)+/u, '');
  const line = numberIn(item['line']);
  return [
    {
      severity,
      rule: textIn(item['rule']) ?? by,
      message,
      ...(path && { path }),
      ...(Number.isInteger(line) && line > 0 && { line }),
      by: [by],
    },
  ];
}

function fencedBlocks(text: string): readonly JsonObject[] {
  return [...text.matchAll(/```(?:json)?\s*\n([\s\S]*?)\n\s*```/gu)].flatMap(([, inner = '']) =>
    parsed(inner),
  );
}

// From each brace that begins a line, the longest stretch that ends at a brace and is JSON.
function bareObjects(text: string): readonly JsonObject[] {
  const starts = [...text.matchAll(/^\s*\{/gmu)].slice(-20).map(({ index }) => index);
  const end = text.lastIndexOf('}') + 1;
  return starts.flatMap((start) => parsed(text.slice(start, end)));
}

function parsed(text: string): readonly JsonObject[] {
  try {
    const value = objectIn(JSON.parse(text));
    return value === undefined ? [] : [value];
  } catch {
    return [];
  }
}

const RANK = { error: 0, warning: 1, note: 2 } as const;

/**
 * Findings of several reviewers as one list: the same place and kind, or the same place and nearly the same words, count
 * once (the worst severity, everybody who found it). Ordered by severity, path and line.
 */
export function mergeFindings(all: readonly Finding[]): readonly Finding[] {
  const merged: Finding[] = [];
  for (const finding of all) {
    const index = merged.findIndex((other) => isSame(finding, other));
    const other = merged[index];
    if (other === undefined) merged.push(finding);
    else merged[index] = joined(other, finding);
  }
  return merged.toSorted(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      (a.path ?? '').localeCompare(b.path ?? '', 'en') ||
      (a.line ?? 0) - (b.line ?? 0),
  );
}

function joined(a: Finding, b: Finding): Finding {
  const worse = RANK[b.severity] < RANK[a.severity] ? b : a;
  return { ...worse, by: [...new Set([...a.by, ...b.by])] };
}

function isSame(a: Finding, b: Finding): boolean {
  if (a.path !== b.path || a.line !== b.line) return false;
  return (
    (a.rule === b.rule && a.path !== undefined && a.line !== undefined) ||
    likeness(a.message, b.message) >= 0.6
  );
}

// Jaccard index of the words.
function likeness(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu)));
  if (x === undefined || y === undefined || x.size + y.size === 0) return 0;
  const both = [...x].filter((word) => y.has(word)).length;
  return both / (x.size + y.size - both);
}
