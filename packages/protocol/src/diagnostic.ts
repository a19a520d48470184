import type { DiagnosticCode } from './diagnostic-code.ts';
import { printable } from './printable.ts';

/** A place in a text: 1-based line and column, in UTF-16 units, as editors count them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A half-open stretch of text. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** One problem in something a person or an agent wrote. All problems of a document are reported at once. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: DiagnosticCode;
  readonly message: string;
  /** Repo-relative (or as given on the command line) path of the document. */
  readonly path: string;
  readonly range?: Range;
  readonly expected?: string;
  readonly actual?: string;
  /** What to do about it, best as a command. */
  readonly hint?: string;
}

/** A one-character range, for problems that are known only by their place. */
export function rangeAt(line: number, column = 1, length = 1): Range {
  return { start: { line, column }, end: { line, column: column + length } };
}

/** True when any of the diagnostics is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/**
 * `plan.md:12:3 error TASK_ID_DUPLICATE …`, followed by the source line with the place marked
 * when the document's text is given.
 */
export function renderDiagnostic(diagnostic: Diagnostic, source?: string): string {
  const { range } = diagnostic;
  const place = range ? `${diagnostic.path}:${range.start.line}:${range.start.column}` : diagnostic.path;
  const lines = [`${place} ${diagnostic.severity} ${diagnostic.code} ${diagnostic.message}`];
  if (range && source !== undefined) lines.push(...pictureOf(range, source));
  if (diagnostic.expected !== undefined) lines.push(`  expected: ${diagnostic.expected}`);
  if (diagnostic.actual !== undefined) lines.push(`  found: ${diagnostic.actual}`);
  if (diagnostic.hint !== undefined) lines.push(`  hint: ${diagnostic.hint}`);
  return printable(lines.join('\n'));
}

function pictureOf(range: Range, source: string): string[] {
  const line = source.split(/\r?\n/u)[range.start.line - 1];
  if (line === undefined || line.length > 300) return [];
  const end = range.end.line === range.start.line ? range.end.column : line.length + 1;
  const width = Math.max(1, end - range.start.column);
  const gutter = String(range.start.line);
  const indent = line.slice(0, range.start.column - 1).replace(/[^\t]/gu, ' ');
  return [`  ${gutter} | ${line}`, `  ${' '.repeat(gutter.length)} | ${indent}${'^'.repeat(width)}`];
}
