import { join, resolve } from 'node:path';
import { EXIT } from '#protocol';
import { renderFindings, renderSarif, type Finding, type LensVerdict } from '#runner';
import type { Call, OptionSpec, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';

/** Options of commands that end in a list of findings. */
export const FINDINGS_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  sarif: { kind: 'value', value: 'PATH', summary: 'write SARIF here as well' },
  'fail-on': {
    kind: 'value',
    value: 'SEVERITY',
    summary: 'exit 1 from this severity on: error (default), warning, note, never',
  },
};

/** What was found, and by whom. */
export interface Found {
  readonly title: string;
  readonly run: string;
  readonly findings: readonly Finding[];
  readonly verdicts: readonly LensVerdict[];
}

/**
 * Writes `.squad/reports/<name>.md` and `.sarif` and tells them. Exit 1 when somebody came to no verdict, or something
 * was found that is as bad as `--fail-on`.
 */
export function reportFindings(call: Call, name: string, found: Found): Outcome {
  const { squadDir } = openSquad(call.io);
  const { findings, verdicts } = found;
  const markdown = renderFindings(found.title, findings, verdicts);
  const sarif = renderSarif(findings, { name: `squad-run ${name}`, version: '1' });
  const report = join(squadDir, 'reports', `${name}.md`);
  const own = call.value('sarif');
  const sarifPath =
    own === undefined ? join(squadDir, 'reports', `${name}.sarif`) : resolve(call.io.cwd, own);
  call.io.store.writeAtomic(report, markdown);
  call.io.store.writeAtomic(sarifPath, sarif);
  const isFailed =
    verdicts.some(({ isComplete }) => !isComplete) ||
    findings.some((each) => isBad(each, call.value('fail-on')));
  return {
    exitCode: isFailed ? EXIT.failed : EXIT.done,
    json: { run: found.run, findings, verdicts, report, sarif: sarifPath },
    text: `${markdown}\nreport: ${report}\nSARIF:  ${sarifPath}`,
  };
}

const ORDER = ['never', 'error', 'warning', 'note'];

function isBad(finding: Finding, limit = 'error'): boolean {
  return ORDER.indexOf(finding.severity) <= ORDER.indexOf(limit);
}
