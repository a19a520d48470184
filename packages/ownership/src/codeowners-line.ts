import { problemOf } from '#glob';
import { rangeAt, type Diagnostic } from '#protocol';

/** Whose CODEOWNERS: GitLab's has sections, and reads `[a-z]`. */
export type CodeownersSyntax = 'github' | 'gitlab';

/** One line of a CODEOWNERS file that gives a pattern owners, or takes them away. */
export interface CodeownersEntry {
  /** As the matrix writes it. */
  readonly pattern: string;
  readonly owners: readonly string[];
  /** The heading it stands under, without default owners: `[Docs]`, `^[Docs][2]`. */
  readonly section: string | undefined;
  readonly line: number;
  readonly comment: string | undefined;
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
  return { entries, diagnostics: reading.diagnostics };
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
  const owners = readOwners(reading, words, line);
  const isExclusion = written.startsWith('!');
  if (isExclusion && reading.syntax === 'github') {
    report(reading, { line, message: '"!" is not read by GitHub', length: written.length });
    return [];
  }
  const pattern = patternOf(isExclusion ? written.slice(1) : written, reading.syntax);
  const problem = problemOf(pattern);
  if (problem !== undefined) {
    report(reading, { line, message: `${written}: ${problem.message}`, length: written.length });
    return [];
  }
  const inherited = owners.length === 0 && !isExclusion ? reading.sectionOwners : owners;
  return [{ pattern, owners: isExclusion ? [] : inherited, section: reading.section, line, comment }];
}

function splitComment(content: string): readonly [string, string | undefined] {
  const at = content.search(/\s#/u);
  return at === -1 ? [content, undefined] : [content.slice(0, at), content.slice(at + 2).trim() || undefined];
}

function readOwners(reading: Reading, words: readonly string[], line: number): string[] {
  return words.filter((word) => {
    if (word === '') return false;
    const isOwner = /^@\S+$|^[^@\s]+@[^@\s]+$/u.test(word);
    if (!isOwner) report(reading, { line, message: `"${word}" is not an owner`, length: 1 });
    return isOwner;
  });
}

function report(reading: Reading, problem: { line: number; message: string; length: number }): void {
  reading.diagnostics.push({
    severity: 'warning',
    code: 'CODEOWNERS_INVALID',
    message: problem.message,
    path: reading.path,
    range: rangeAt(problem.line, 1, problem.length),
    expected: 'a pattern, then @user, @org/team or an e-mail address',
  });
}

// As .gitignore: a name alone means any depth, a slash in front or inside means the root. GitHub does not read `[`,
// GitLab does; neither reads `{`.
function patternOf(written: string, syntax: CodeownersSyntax): string {
  const unescaped = written.replaceAll('\\ ', ' ').replace(/^\\#/u, '#').replaceAll(/[{}]/gu, '\\$&');
  const literal = syntax === 'github' ? unescaped.replaceAll(/[[\]]/gu, '\\$&') : unescaped;
  if (literal === '*' || literal === '/') return '/**';
  const isRooted = literal.slice(0, -1).includes('/');
  if (!isRooted) return `/**/${literal}`;
  return literal.startsWith('/') ? literal : `/${literal}`;
}
