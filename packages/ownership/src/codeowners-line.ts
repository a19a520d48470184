import { rangeAt, type Diagnostic } from '#protocol';
import { readCodeownersPattern, type CodeownersSyntax } from './read-codeowners-pattern.ts';

/** One line of a CODEOWNERS file that gives a pattern owners, or takes them away. */
export interface CodeownersEntry {
  /** As the matrix writes it. */
  readonly pattern: string;
  readonly owners: readonly string[];
  /** The heading it stands under, without default owners: `[Docs]`, `^[Docs][2]`. */
  readonly section: string | undefined;
  readonly line: number;
  readonly comment: string | undefined;
  /** GitLab's `!`: nobody owns it, whatever else its section says. */
  readonly isExclusion: boolean;
}

interface Reading {
  readonly path: string;
  readonly syntax: CodeownersSyntax;
  readonly diagnostics: Diagnostic[];
  section: string | undefined;
  sectionOwners: readonly string[];
}

const HEADING = /^(\^?\[[^\]]+\](?:\[\d+\])?)(?:\s+(.*))?$/u;

/** Reads every line of a CODEOWNERS file; what cannot be read is reported with its place and left out. */
export function parseCodeowners(
  text: string,
  path: string,
  syntax: CodeownersSyntax = guessSyntax(text),
): { readonly entries: readonly CodeownersEntry[]; readonly diagnostics: readonly Diagnostic[] } {
  const reading: Reading = { path, syntax, diagnostics: [], section: undefined, sectionOwners: [] };
  const entries = text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .flatMap((line, index) => parseLine(reading, line, index + 1));
  return {
    entries: syntax === 'gitlab' ? inGitlabOrder(entries) : entries,
    diagnostics: reading.diagnostics,
  };
}

/** GitLab when there is a line that only GitLab knows, a section heading; else GitHub. */
export function guessSyntax(text: string): CodeownersSyntax {
  return text.split(/\r?\n/u).some((line) => HEADING.test(line.trim())) ? 'gitlab' : 'github';
}

function parseLine(reading: Reading, raw: string, line: number): CodeownersEntry[] {
  const content = raw.trim();
  if (content === '' || content.startsWith('#')) return [];
  const heading = reading.syntax === 'gitlab' ? HEADING.exec(content) : null;
  if (heading !== null) {
    reading.section = heading[1];
    reading.sectionOwners = readOwners(reading, (heading[2] ?? '').split(/\s+/u), line);
    return [];
  }
  const [body, comment] = splitComment(content);
  const [written = '', ...words] = body.split(/(?<!\\)\s+/u).filter((word) => word !== '');
  const isExclusion = reading.syntax === 'gitlab' && written.startsWith('!');
  const read = readCodeownersPattern(isExclusion ? written.slice(1) : written, reading.syntax);
  if (!read.ok) {
    report(reading, {
      line,
      message: `${written}: ${read.error}; the line is left out`,
      length: written.length,
    });
    return [];
  }
  const { pattern, note } = read.value;
  if (note !== undefined)
    report(
      reading,
      { line, message: `${written}: ${note}`, length: written.length },
      'CODEOWNERS_INEXPRESSIBLE',
    );
  const owners = readOwners(reading, words, line);
  // GitHub leaves such a line out, so that the lines before it hold.
  if (reading.syntax === 'github' && owners.length < words.length) return [];
  const named = owners.length === 0 ? reading.sectionOwners : owners;
  const { section } = reading;
  return [{ pattern, owners: isExclusion ? [] : named, section, line, comment, isExclusion }];
}

// Of a section's lines with one pattern the last holds, in the place of the first; nothing takes back an exclusion.
function inGitlabOrder(entries: readonly CodeownersEntry[]): readonly CodeownersEntry[] {
  const sections = new Map<string | undefined, Map<string, CodeownersEntry>>();
  for (const entry of entries) {
    const lines = sections.get(entry.section) ?? new Map<string, CodeownersEntry>();
    sections.set(entry.section, lines.set(entry.pattern, entry));
  }
  return [...sections.values()].flatMap((lines) => [
    ...[...lines.values()].filter(({ isExclusion }) => !isExclusion),
    ...[...lines.values()].filter(({ isExclusion }) => isExclusion),
  ]);
}

function splitComment(content: string): readonly [string, string | undefined] {
  const at = content.search(/\s#/u);
  return at === -1 ? [content, undefined] : [content.slice(0, at), content.slice(at + 2).trim() || undefined];
}

function readOwners(reading: Reading, words: readonly string[], line: number): string[] {
  return words.filter((word) => {
    if (word === '') return false;
    const isOwner = /^@\S+$|^[^@\s]+@[^@\s]+$/u.test(word);
    if (!isOwner) report(reading, { line, message: notAnOwner(reading, word), length: 1 });
    return isOwner;
  });
}

function notAnOwner({ syntax }: Reading, word: string): string {
  return `"${word}" is not an owner${syntax === 'github' ? '; the line is left out' : ''}`;
}

function report(
  reading: Reading,
  problem: { line: number; message: string; length: number },
  code: 'CODEOWNERS_INVALID' | 'CODEOWNERS_INEXPRESSIBLE' = 'CODEOWNERS_INVALID',
): void {
  reading.diagnostics.push({
    severity: 'warning',
    code,
    message: problem.message,
    path: reading.path,
    range: rangeAt(problem.line, 1, problem.length),
    ...(code === 'CODEOWNERS_INVALID'
      ? { expected: 'a pattern, then @user, @org/team or an e-mail address' }
      : {}),
  });
}
