import { contains, overlaps } from '#glob';
import { rangeAt, type Diagnostic, type OwnershipRule } from '#protocol';
import { guessSyntax, parseCodeowners, type CodeownersEntry } from './codeowners-line.ts';
import { readsAsFile, type CodeownersSyntax } from './read-codeowners-pattern.ts';

/** The rows of a matrix that say what a CODEOWNERS file says. */
export interface ImportedOwners {
  readonly paths: Readonly<Record<string, OwnershipRule>>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Turns "the last match wins" into "the most specific wins": a later line that lies inside an earlier one needs nothing,
 * one that covers it removes it, and one that crosses it is excepted from it. One owner becomes EXCLUSIVE, several
 * SEQUENTIAL in their order, none SEQUENTIAL. Exact, but for GitLab paths of two sections, which are reported, and for
 * folders whose names read as a file's, where `isFolder` (asked for repo-relative paths) does not know them.
 */
export function importCodeowners(
  text: string,
  path: string,
  syntax: CodeownersSyntax = guessSyntax(text),
  isFolder: (path: string) => boolean = () => false,
): ImportedOwners {
  const { entries: read, diagnostics } = parseCodeowners(text, path, syntax);
  const entries = read.map((entry) => ({ ...entry, pattern: asFolder(entry.pattern, syntax, isFolder) }));
  const problems: Diagnostic[] = [...diagnostics, ...sectionProblems(entries, path)];
  const paths: Record<string, OwnershipRule> = {};
  entries.forEach((entry, index) => {
    const later = entries.slice(index + 1).filter((other) => overlaps(entry.pattern, other.pattern).overlap);
    if (later.length > 0 && contains({ any: later.map(({ pattern }) => pattern) }, entry.pattern)) {
      problems.push(shadowed(entry, later, path));
      return;
    }
    const crossing = later.filter(
      (other) => !isSame(entry, other) && !contains(entry.pattern, other.pattern),
    );
    paths[entry.pattern] = ruleOf(entry, crossing);
  });
  return { paths, diagnostics: problems };
}

// To GitHub a name without a slash at its end is a folder, too, whatever it reads like: `builtin/provisioners/file`.
function asFolder(pattern: string, syntax: CodeownersSyntax, isFolder: (path: string) => boolean): string {
  const isPlain = syntax === 'github' && !/[*?[\]{}\\]/u.test(pattern) && !pattern.endsWith('/');
  const isMistaken = isPlain && readsAsFile(pattern.slice(pattern.lastIndexOf('/') + 1));
  return isMistaken && isFolder(pattern.slice(1)) ? `${pattern}/` : pattern;
}

function isSame(a: CodeownersEntry, b: CodeownersEntry): boolean {
  return a.owners.join(' ') === b.owners.join(' ');
}

function ruleOf(entry: CodeownersEntry, crossing: readonly CodeownersEntry[]): OwnershipRule {
  const { owners, section, comment } = entry;
  const [owner] = owners;
  const except = [...new Set(crossing.map(({ pattern }) => pattern))];
  return {
    ...(owners.length === 1 && owner !== undefined
      ? { owner, access: 'EXCLUSIVE' }
      : { owner: 'NONE', access: 'SEQUENTIAL' }),
    ...(owners.length > 1 ? { order: owners } : {}),
    ...(except.length > 0 ? { except } : {}),
    ...(section === undefined ? {} : { section }),
    ...(comment === undefined ? {} : { why: comment }),
  };
}

function shadowed(entry: CodeownersEntry, later: readonly CodeownersEntry[], path: string): Diagnostic {
  return {
    severity: 'info',
    code: 'RULE_SHADOWED',
    message: `${entry.pattern} never decides: lines ${later.map(({ line }) => line).join(', ')} cover all of it`,
    path,
    range: rangeAt(entry.line),
  };
}

// Two sections that cover one path both ask for their owners; the matrix holds one answer.
function sectionProblems(entries: readonly CodeownersEntry[], path: string): Diagnostic[] {
  const told = new Set<string>();
  return entries.flatMap((entry, index) =>
    entries.slice(index + 1).flatMap((other) => {
      const pair = `${entry.section}\n${other.section}`;
      if (entry.section === other.section || told.has(pair) || isSame(entry, other)) return [];
      const shared = overlaps(entry.pattern, other.pattern);
      if (!shared.overlap) return [];
      told.add(pair);
      return [
        {
          severity: 'warning' as const,
          code: 'CODEOWNERS_INEXPRESSIBLE' as const,
          message: `${nameOf(entry)} and ${nameOf(other)} both cover ${shared.witness}: GitLab asks both, the matrix keeps ${nameOf(other)}`,
          path,
          range: rangeAt(other.line),
        },
      ];
    }),
  );
}

function nameOf({ section }: CodeownersEntry): string {
  return section === undefined ? 'the lines before any section' : `section ${section}`;
}
