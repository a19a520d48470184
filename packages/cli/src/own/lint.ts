import { listTrackedFiles } from '#git';
import { lintMatrix, ownershipPath } from '#ownership';
import { EXIT, hasErrors, renderDiagnostic } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openOwnership } from './open-ownership.ts';

/** `squad-own lint`. */
export const lintCommand: Command = {
  name: 'lint',
  summary: 'Rules that disagree (with a path in both), decide nothing, match nothing, or mean something else',
  options: {},
  examples: ['squad-own lint', 'squad-own lint --json'],
  action: lint,
};

async function lint(call: Call): Promise<Outcome> {
  const desk = await openOwnership(call);
  const files = desk.squad.isGit ? await listTrackedFiles(desk.squad.worktreeRoot) : [];
  const diagnostics = lintMatrix(desk.matrix, files, desk.matrixPath);
  const source = call.io.store.readText(ownershipPath(desk.squad.squadDir));
  const count = desk.matrix.rules.length;
  const summary = `${count} ${count === 1 ? 'rule' : 'rules'}, ${files.length} tracked files: ${tally(diagnostics)}`;
  return {
    exitCode: hasErrors(diagnostics) ? EXIT.failed : EXIT.done,
    json: { rules: count, diagnostics },
    text: [...diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, source)), summary].join('\n'),
  };
}

function tally(diagnostics: readonly { readonly severity: string }[]): string {
  if (diagnostics.length === 0) return 'nothing to say against them';
  const count = (severity: string): number => diagnostics.filter((each) => each.severity === severity).length;
  return `${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes`;
}
