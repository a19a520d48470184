import type { FindingReason } from './finding.ts';

/** What to do about a finding: commands, and where only a person can help, a sentence. */
export function nextCommands(
  reason: FindingReason,
  path: string,
  place: {
    readonly matrixPath: string;
    readonly commit?: string | undefined;
    readonly isStaged?: boolean | undefined;
  },
): readonly string[] {
  const word = shellWord(path);
  const { matrixPath } = place;
  const undo = undoCommands(word, place);
  switch (reason) {
    case 'owned-by-another':
      return [`squad-comms request ${word} --reason "…"`, ...undo];
    case 'read-only':
      return [...undo, `a person may change the rule in ${matrixPath}`];
    case 'ambiguous':
      return ['squad-own lint'];
    case 'leased-by-another':
      return [`squad-lock acquire ${word} --wait 10m`, `squad-lock status ${word}`];
    case 'lease-lost':
      return [`git diff HEAD -- ${word}`, `squad-lock acquire ${word}`];
    case 'not-leased':
      return [`squad-lock acquire ${word}`];
    default:
      return [`squad-own who ${word}`];
  }
}

// What is not staged may be another agent's work in the same checkout: nothing is said that would take it away.
function undoCommands(
  word: string,
  { commit, isStaged }: { readonly commit?: string | undefined; readonly isStaged?: boolean | undefined },
): readonly string[] {
  if (commit !== undefined) return [`git restore --source=${commit.slice(0, 12)}~ -- ${word}`];
  return isStaged === true ? [`git restore --staged -- ${word}`] : [];
}

/** The path as one word of a shell command. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
