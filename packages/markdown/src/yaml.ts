import { load, YAMLException } from 'js-yaml';
import { err, ok, rangeAt, type Diagnostic, type Result } from '#protocol';

const MAX_CHARACTERS = 4_000_000;
const MAX_ALIASES = 100;

/**
 * Reads one YAML 1.2 document with js-yaml's core schema (`12:30` and `010` stay what they look like; no code, no types).
 * Refuses documents over 4 MB and with more than 100 aliases, so that a "billion laughs" cannot be told.
 */
export function parseYaml(text: string, path: string, firstLine = 1): Result<unknown, readonly Diagnostic[]> {
  const problem = (message: string, line = 0, column = 0): Result<never, readonly Diagnostic[]> =>
    err([
      {
        severity: 'error',
        code: 'YAML_INVALID',
        message,
        path,
        range: rangeAt(line + firstLine, column + 1),
      },
    ]);
  if (text.length > MAX_CHARACTERS)
    return problem(`the document is longer than ${MAX_CHARACTERS} characters`);
  if ((text.match(/(?:^|[\s[{,:-])\*[^\s*]/gmu) ?? []).length > MAX_ALIASES)
    return problem(`more than ${MAX_ALIASES} aliases`);
  if (isBlank(text)) return ok(null);
  try {
    return ok(load(text, { filename: path }));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const sign = bareSign(text, error.mark?.line ?? 0);
    if (sign === undefined)
      return problem(error.reason ?? error.message, error.mark?.line, error.mark?.column);
    const range = rangeAt(sign.line + firstLine, sign.column + 1, sign.token.length);
    const message = `"${sign.token}" begins with a sign of YAML's own`;
    const hint = `put it in quotes: '${sign.token.replaceAll("'", "''")}'`;
    return err([{ severity: 'error', code: 'YAML_INVALID', message, path, range, hint }]);
  }
}

interface Sign {
  readonly line: number;
  readonly column: number;
  readonly token: string;
}

// What patterns and agent names begin with, at the start of a key, an entry or a value.
const SIGN = /(^\s*(?:-\s+)?|[:,]\s+|\[\s*)([*@`%!][^\s:,\]}]*)/u;

/** A `*` or `@` without quotes on the line of an error or the one before, which js-yaml reports as bad indentation. */
function bareSign(text: string, errorLine: number): Sign | undefined {
  const lines = text.split('\n');
  for (const line of [errorLine, errorLine - 1]) {
    const match = SIGN.exec(lines[line] ?? '');
    if (match !== null) return { line, column: match.index + (match[1] ?? '').length, token: match[2] ?? '' };
  }
  return undefined;
}

// js-yaml 5 refuses an empty document; a file of comments alone says nothing, and nothing is what it means.
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#|---\s*$|$)/u.test(line));
}
