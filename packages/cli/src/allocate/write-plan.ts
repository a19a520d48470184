import { dirname, join } from 'node:path';
import { matrixOf, renderPlanFiles, renderReport, type Plan } from '#plan';
import { renderOwnership } from '#ownership';
import { commPath, renderBlock } from '#comms';
import { COORDINATOR_ID, parseAgentId } from '#protocol';
import { hashText, type Store } from '#store';

/** What was done with one file. */
export interface WrittenFile {
  readonly path: string;
  readonly change: 'created' | 'replaced' | 'unchanged' | 'kept' | 'removed';
}

/** What an allocation left on disk. */
export interface WrittenPlan {
  readonly files: readonly WrittenFile[];
  /** Folder with the former text of everything replaced or removed; `undefined` when nothing was. */
  readonly backup: string | undefined;
}

/** Where and what to write. */
export interface WriteOptions {
  readonly store: Store;
  readonly squadDir: string;
  readonly plan: Plan;
  /** The document's bytes, copied beside the plans. */
  readonly document: Uint8Array;
}

/**
 * Writes plans, matrix, report, the document's copy and READY comm files. What differs is first copied into
 * `.squad/.run/replaced/<hash>`; comm files that exist are never touched; each file is replaced in one step.
 */
export async function writePlan(options: WriteOptions): Promise<WrittenPlan> {
  const { store, squadDir, plan, document } = options;
  const ownership = await renderOwnership({ ...matrixOf(plan), zones: {} });
  const inSquad = (path: string): string => path.replace(/^\.squad\//u, '');
  const wanted = new Map<string, string | Uint8Array>([
    ['ownership.yaml', ownership],
    ...renderPlanFiles(plan).map(({ path, text }) => [inSquad(path), text] as const),
    ['parallel-allocation-report.md', renderReport(plan)],
    ['feature-prd.md', document],
  ]);
  const changes = [...wanted].map(([path, text]) => ({ path, text, change: changeOf(options, path, text) }));
  const stale = store
    .list(join(squadDir, 'parallel-plans'))
    .map((name) => `parallel-plans/${name}`)
    .filter((path) => /agent-\d+-plan\.md$/u.test(path) && !wanted.has(path));
  const replaced = [
    ...changes.filter(({ change }) => change === 'replaced').map(({ path }) => path),
    ...stale,
  ];
  const backup = replaced.length === 0 ? undefined : backUp(options, replaced);
  for (const { path, text, change } of changes)
    if (change !== 'unchanged') store.writeAtomic(join(squadDir, path), text);
  for (const path of stale) store.removeFile(join(squadDir, path));
  store.writeAtomic(
    join(squadDir, '.run', 'allocation.json'),
    `${JSON.stringify({ source: plan.source, hash: plan.prdHash })}\n`,
  );
  const comms = plan.agents.map(({ id }) => postReady(options, id));
  const files = [
    ...changes.map(({ path, change }): WrittenFile => ({ path: `.squad/${path}`, change })),
    ...stale.map((path): WrittenFile => ({ path: `.squad/${path}`, change: 'removed' })),
    ...comms,
  ];
  return { files, backup };
}

function changeOf(
  { store, squadDir }: WriteOptions,
  path: string,
  text: string | Uint8Array,
): WrittenFile['change'] {
  const before = store.readBytes(join(squadDir, path));
  if (before === undefined) return 'created';
  return hashText(before) === hashText(text) ? 'unchanged' : 'replaced';
}

/** Copies files aside, under a name made of what they hold: the same state is backed up once. */
function backUp({ store, squadDir }: WriteOptions, paths: readonly string[]): string {
  const contents = paths.map((path) => ({
    path,
    bytes: store.readBytes(join(squadDir, path)) ?? new Uint8Array(),
  }));
  const name = hashText(contents.map(({ path, bytes }) => `${path} ${hashText(bytes)}`).join('\n')).slice(
    7,
    19,
  );
  const folder = join('.run', 'replaced', name);
  for (const { path, bytes } of contents) {
    store.makeFolder(dirname(join(squadDir, folder, path)));
    store.writeAtomic(join(squadDir, folder, path), bytes);
  }
  return join('.squad', folder);
}

/** The first block of an agent's comm file. It bears no time, so that the same allocation writes the same bytes. */
function postReady({ store, squadDir }: WriteOptions, agent: string): WrittenFile {
  const id = parseAgentId(agent);
  const file = commPath(squadDir, id.ok ? id.value : COORDINATOR_ID);
  const text = renderBlock({
    kind: 'status',
    author: agent,
    at: undefined,
    status: 'READY',
    filesModified: [],
    extra: {},
  });
  const isNew = store.createExclusive(file, text);
  return { path: `.squad/comms/${agent}-comm.md`, change: isNew ? 'created' : 'kept' };
}
