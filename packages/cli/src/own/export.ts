import { relative, resolve, sep } from 'node:path';
import { exportCodeowners } from '#ownership';
import { EXIT, renderDiagnostic } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { syntaxOption } from './import.ts';
import { openOwnership } from './open-ownership.ts';

/** `squad-own export`. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Write the matrix as CODEOWNERS; what that cannot say is reported',
  options: {
    syntax: { kind: 'value', value: 'github|gitlab', summary: 'for whom (default: github)' },
    output: { kind: 'value', value: 'FILE', summary: 'write there instead of printing' },
  },
  examples: ['squad-own export --output .github/CODEOWNERS', 'squad-own export --syntax gitlab'],
  action: exportAction,
};

async function exportAction(call: Call): Promise<Outcome> {
  const desk = await openOwnership(call);
  const { text, diagnostics } = exportCodeowners(
    desk.matrix,
    desk.matrixPath,
    syntaxOption(call) ?? 'github',
  );
  const output = call.value('output');
  const target = output === undefined ? undefined : resolve(call.io.cwd, output);
  if (target !== undefined)
    call.io.store.writeAtomic(target, `# Written by squad-own export from ${desk.matrixPath}\n${text}`);
  const told = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n');
  return {
    exitCode: EXIT.done,
    json: { text, written: target ?? null, diagnostics },
    text:
      target === undefined ? text.trimEnd() : `wrote ${relative(call.io.cwd, target).split(sep).join('/')}`,
    ...(told === '' ? {} : { notice: told }),
  };
}
