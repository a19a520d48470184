import type { Change } from './change.ts';
import type { FindingReason } from './finding.ts';
import type { TypedPath } from './path-words.ts';

/** What to do about a finding: commands, and where only a person can help, a sentence. */
export function nextCommands(
  reason: FindingReason,
  { word, gitWord }: TypedPath,
  place: {
    readonly matrixPath: string;
    readonly commit?: string | undefined;
    readonly change?: Pick<Change, 'kind' | 'isStaged'>;
  },
): readonly string[] {
  const undo = place.change === undefined ? [] : undoCommands(gitWord, place.change, place.commit);
  switch (reason) {
    case 'owned-by-another':
      return [`squad-comms request ${word} --reason "…"`, ...undo];
    case 'read-only':
      return [...undo, `a person may change the rule in ${place.matrixPath}`];
    case 'ambiguous':
      return ['squad-own lint'];
    case 'leased-by-another':
      return [`squad-lock acquire ${word} --wait 10m`, `squad-lock status ${word}`];
    case 'lease-lost':
      return [`git diff HEAD -- ${gitWord}`, `squad-lock acquire ${word}`];
    case 'not-leased':
      return [`squad-lock acquire ${word}`];
    default:
      return [`squad-own who ${word}`];
  }
}

// What is not staged may be another agent's work in the same checkout: nothing is said that would take it away.
function undoCommands(
  gitWord: string,
  { kind, isStaged }: Pick<Change, 'kind' | 'isStaged'>,
  commit: string | undefined,
): readonly string[] {
  const isNew = kind === 'added';
  if (commit !== undefined)
    return [isNew ? `git rm -- ${gitWord}` : `git restore --source=${commit.slice(0, 12)}~ -- ${gitWord}`];
  if (isStaged !== true) return [];
  return [isNew ? `git rm --cached -- ${gitWord}` : `git restore --staged -- ${gitWord}`];
}
