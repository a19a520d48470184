import { basename, join, relative, resolve, sep } from 'node:path';
import { contains } from '#glob';
import {
  findAmbiguities,
  compileMatrix,
  importCodeowners,
  ownershipPath,
  parseOwnership,
  renderOwnership,
  type CodeownersSyntax,
} from '#ownership';
import { EXIT, hasErrors, renderDiagnostic, SquadError, type OwnershipMatrix } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad, type Squad } from '../shell/squad.ts';

const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', '.gitlab/CODEOWNERS', 'docs/CODEOWNERS'];

/** `squad-own import`. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Turn a CODEOWNERS file (last match wins) into rules of the matrix (most specific wins)',
  positionals: '[file]',
  maxPositionals: 1,
  options: {
    syntax: { kind: 'value', value: 'github|gitlab', summary: 'whose file it is (default: by its sections)' },
    replace: {
      kind: 'flag',
      summary: 'drop the rules the matrix has; without it they stay and win over imported ones',
    },
    'dry-run': { kind: 'flag', summary: 'print the matrix instead of writing it' },
  },
  examples: ['squad-own import', 'squad-own import .github/CODEOWNERS --dry-run'],
  action: importAction,
};

/** The `--syntax` of a command, or `USAGE`. */
export function syntaxOption(call: Call): CodeownersSyntax | undefined {
  const text = call.value('syntax');
  if (text === undefined || text === 'github' || text === 'gitlab') return text;
  throw new SquadError({
    code: 'USAGE',
    message: `--syntax ${text} is not known`,
    hint: 'use github or gitlab',
  });
}

async function importAction(call: Call): Promise<Outcome> {
  const { io } = call;
  const squad = openSquad(io);
  const { path, text } = findCodeowners(call, squad);
  const isFolder = (named: string): boolean =>
    io.store.stat(join(squad.worktreeRoot, named))?.kind === 'folder';
  const imported = importCodeowners(text, path, syntaxOption(call), isFolder);
  const target = ownershipPath(squad.squadDir);
  const old = await currentMatrix(io.store.readText(target), target);
  const kept = call.flag('replace') ? {} : old.paths;
  const matrix: OwnershipMatrix = { ...old, paths: { ...withoutTwins(imported.paths, kept), ...kept } };
  const rendered = await renderOwnership(matrix);
  const ambiguities = findAmbiguities(compileMatrix(matrix, rendered));
  const isDry = call.flag('dry-run');
  if (!isDry) {
    const previous = io.store.readText(target);
    if (previous !== undefined) io.store.writeAtomic(`${target}.before-import`, previous);
    io.store.writeAtomic(target, rendered);
    squad.journal.record({ kind: 'own.imported', agent: 'human', data: { from: path } });
  }
  const count = Object.keys(imported.paths).length;
  const told = imported.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, text)).join('\n');
  const kin = Object.keys(kept).length === 0 ? '' : `, ${Object.keys(kept).length} kept`;
  const summary = `${count} rules from ${path}${kin}${ambiguities.length === 0 ? '' : `; ${ambiguities.length} pairs now disagree: squad-own lint`}`;
  return {
    exitCode: hasErrors(imported.diagnostics) ? EXIT.failed : EXIT.done,
    json: {
      from: path,
      rules: imported.paths,
      written: isDry ? null : target,
      diagnostics: imported.diagnostics,
      ambiguous: ambiguities.length,
    },
    text: isDry ? rendered : `wrote ${basename(target)}: ${summary}`,
    ...(told === '' ? {} : { notice: told }),
  };
}

// A rule that stays keeps an imported one out that covers just the same paths.
function withoutTwins(
  imported: OwnershipMatrix['paths'],
  kept: OwnershipMatrix['paths'],
): OwnershipMatrix['paths'] {
  const patterns = Object.keys(kept);
  const isTwin = (pattern: string): boolean =>
    patterns.some((other) => contains(pattern, other) && contains(other, pattern));
  return Object.fromEntries(Object.entries(imported).filter(([pattern]) => !isTwin(pattern)));
}

function findCodeowners(call: Call, squad: Squad): { path: string; text: string } {
  const { io } = call;
  const [named] = call.positionals;
  const candidates =
    named === undefined
      ? PLACES.map((place) => resolve(squad.worktreeRoot, place))
      : [resolve(io.cwd, named)];
  for (const candidate of candidates) {
    const text = io.store.readText(candidate);
    if (text !== undefined)
      return { path: relative(squad.worktreeRoot, candidate).split(sep).join('/'), text };
  }
  throw new SquadError({
    code: 'FILE_UNREADABLE',
    message: named === undefined ? `no CODEOWNERS in ${PLACES.join(', ')}` : `there is no file ${named}`,
    hint: 'name the file: squad-own import path/to/CODEOWNERS',
  });
}

async function currentMatrix(text: string | undefined, path: string): Promise<OwnershipMatrix> {
  const parsed = await parseOwnership(text ?? '', path);
  if (parsed.ok) return parsed.value;
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: parsed.error.map((diagnostic) => renderDiagnostic(diagnostic, text)).join('\n'),
    data: parsed.error,
    hint: 'correct .squad/ownership.yaml first',
  });
}
