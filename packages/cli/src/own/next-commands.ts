import type { FindingReason } from './finding.ts';

/** What to do about a finding: commands, and where only a person can help, a sentence. */
export function nextCommands(reason: FindingReason, path: string, matrixPath: string): readonly string[] {
  const word = shellWord(path);
  switch (reason) {
    case 'owned-by-another':
      return [`squad-comms request ${word} --reason "…"`, `git restore --staged -- ${word}`];
    case 'read-only':
      return [`git restore --staged -- ${word}`, `a person may change the rule in ${matrixPath}`];
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

/** The path as one word of a shell command. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
