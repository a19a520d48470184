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
    return problem(error.reason ?? error.message, error.mark?.line, error.mark?.column);
  }
}

// js-yaml 5 refuses an empty document; a file of comments alone says nothing, and nothing is what it means.
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#|---\s*$|$)/u.test(line));
}
