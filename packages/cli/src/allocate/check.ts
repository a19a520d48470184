import { join } from 'node:path';
import { compileMatrix, ownershipPath, parseOwnership, resolveOwner } from '#ownership';
import {
  EXIT,
  hasErrors,
  renderDiagnostic,
  SquadError,
  type Diagnostic,
  type OwnershipMatrix,
  type OwnershipRule,
} from '#protocol';
import {
  checkDocument,
  checkTeam,
  readDocument,
  toGithubAnnotations,
  toSarif,
  type Role,
  type SourceTask,
} from '#plan';
import type { SquadHome, Store } from '#store';
import type { Call, Outcome } from '../shell/command.ts';
import { findDocument } from './find-document.ts';
import { readBegun } from './read-begun.ts';
import { readSource } from './read-source.ts';

/** Where a check looks. */
export interface CheckPlace {
  readonly home: SquadHome;
  readonly tracked: readonly string[];
  readonly roster: readonly Role[];
}

/** `--check`: a named document, or the plans and matrix in `.squad/`. Exit 1 when anything is wrong. */
export async function check(call: Call, place: CheckPlace): Promise<Outcome> {
  const named = call.positionals[0];
  const checked = named === undefined ? await checkPlans(call, place) : await checkFile(call, named, place);
  const { diagnostics, subject } = checked;
  const json = call.flag('sarif')
    ? toSarif(diagnostics)
    : { ok: !hasErrors(diagnostics), subject, diagnostics };
  const text = call.flag('sarif')
    ? JSON.stringify(json, undefined, 2)
    : call.flag('github')
      ? toGithubAnnotations(diagnostics)
      : renderChecked(checked);
  return { exitCode: hasErrors(diagnostics) ? EXIT.failed : EXIT.done, json, text };
}

interface Checked {
  readonly subject: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

function renderChecked({ subject, diagnostics, texts }: Checked): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const lines = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, texts.get(diagnostic.path)));
  const others = diagnostics.length - errors;
  const verdict =
    errors === 0 ? `${subject}: no errors` : `${subject}: ${errors} error${errors === 1 ? '' : 's'}`;
  return [...lines, `${verdict}${others === 0 ? '' : `, ${others} warning${others === 1 ? '' : 's'}`}`].join(
    '\n',
  );
}

async function checkFile(call: Call, named: string, place: CheckPlace): Promise<Checked> {
  const { home, tracked, roster } = place;
  const { store, cwd } = call.io;
  const found = findDocument({ store, cwd, home }, named);
  const { document, texts } = await readSource(call, found, { home, tracked });
  return {
    subject: `${found.path} (${document.format}, ${document.tasks.length} tasks)`,
    diagnostics: checkDocument({ document, tracked, roster }),
    texts,
  };
}

async function checkPlans(call: Call, { home, tracked }: CheckPlace): Promise<Checked> {
  const { store } = call.io;
  const folder = join(home.squadDir, 'parallel-plans');
  const plans = store
    .list(folder)
    .filter((name) => name.endsWith('-plan.md'))
    .map((name) => ({
      path: `.squad/parallel-plans/${name}`,
      text: store.readText(join(folder, name)) ?? '',
    }));
  if (plans.length === 0) {
    throw new SquadError({
      code: 'FILE_UNREADABLE',
      message: 'there are no plans in .squad/parallel-plans',
      hint: 'run: squad-allocate',
    });
  }
  const matrix = await readMatrix(store, home.squadDir);
  const known = new Set(tracked);
  const { progress } = await readBegun(store, home.squadDir, false);
  const diagnostics = checkTeam({
    plans,
    ...matrix,
    matrixPath: '.squad/ownership.yaml',
    matrixText: matrix.text,
    exists: (path) => known.has(path) || store.stat(join(home.worktreeRoot, path)) !== undefined,
    ...documentTasks(store, home.squadDir),
    documentPath: '.squad/feature-prd.md',
    finished: new Set([...progress].filter(([, { state }]) => state === 'done').map(([id]) => id)),
  });
  return {
    subject: `${plans.length} plans`,
    diagnostics: [...matrix.diagnostics, ...diagnostics],
    texts: new Map([
      ...plans.map(({ path, text }) => [path, text] as const),
      ['.squad/ownership.yaml', matrix.text],
    ]),
  };
}

interface MatrixReading {
  readonly matrix: Pick<OwnershipMatrix, 'paths'>;
  readonly ruleFor: ((path: string) => OwnershipRule) | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
}

async function readMatrix(store: Store, squadDir: string): Promise<MatrixReading> {
  const text = store.readText(ownershipPath(squadDir));
  if (text === undefined) return { matrix: { paths: {} }, ruleFor: undefined, diagnostics: [], text: '' };
  const parsed = await parseOwnership(text, '.squad/ownership.yaml');
  if (!parsed.ok) return { matrix: { paths: {} }, ruleFor: undefined, diagnostics: parsed.error, text };
  const compiled = compileMatrix(parsed.value, text);
  const ruleFor = (path: string): OwnershipRule => {
    const found = resolveOwner(compiled, path.replace(/\/$/u, ''));
    return found.kind === 'ambiguous' ? compiled.default : found.rule;
  };
  return { matrix: parsed.value, ruleFor, diagnostics: [], text };
}

/** Tasks of the document as it was allocated, so that one that was dropped from the plans is noticed. */
function documentTasks(store: Store, squadDir: string): { documentTasks: readonly SourceTask[] } {
  const content = store.readBytes(join(squadDir, 'feature-prd.md'));
  if (content === undefined) return { documentTasks: [] };
  const document = readDocument({ path: allocatedPath(store, squadDir), content });
  return { documentTasks: document.tasks.filter(({ status }) => status === 'todo' || status === 'doing') };
}

// The format is recognised by the original's name and place too.
function allocatedPath(store: Store, squadDir: string): string {
  const note = /"source":"([^"]+)"/u.exec(store.readText(join(squadDir, '.run', 'allocation.json')) ?? '');
  return note?.[1] ?? '.squad/feature-prd.md';
}
