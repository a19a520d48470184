import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conflictedPaths, git, INERT, runGit, type ConflictStage, type TreeMerge } from '#git';
import { checkOut, integrationPath } from './integration-tree.ts';
import { hasOnlyImports, parseMarked, unionOf } from './marked-text.ts';
import { patternCovers } from './pattern-covers.ts';
import { runShell } from './run-shell.ts';
import type { MergeWorld } from './world.ts';

/** A merge that git left in conflict. */
export type ConflictedMerge = Extract<TreeMerge, { kind: 'conflict' }>;

/** What can be done about one conflicted path without a person. */
type Cure =
  | { readonly kind: 'regenerate'; readonly command: string }
  | { readonly kind: 'union'; readonly text: string; readonly why: string };

/** All conflicts settled, or the paths that need a person. */
export type Settlement =
  | { readonly kind: 'settled'; readonly tree: string; readonly how: Readonly<Record<string, string>> }
  | { readonly kind: 'open'; readonly files: readonly string[]; readonly why: string };

/**
 * Settles a conflict when every path of it can be: generated files are made anew by their configured command, texts
 * in which both sides' lines can stand (configured, or hunks of nothing but imports) get both. One path that cannot
 * leaves all to a person.
 */
export async function settleConflict(
  world: MergeWorld,
  merge: ConflictedMerge,
  sides: readonly [ours: string, theirs: string],
): Promise<Settlement> {
  const cures = new Map<string, Cure>();
  const open: string[] = [];
  for (const path of conflictedPaths(merge)) {
    const cure = await cureFor(world, merge, { path, sides });
    if (cure === undefined) open.push(path);
    else cures.set(path, cure);
  }
  if (open.length > 0 || cures.size === 0)
    return { kind: 'open', files: open, why: 'both sides changed the same lines' };
  const withUnions = await applyUnions(world, merge, cures);
  const commands = [
    ...new Set([...cures.values()].flatMap((cure) => (cure.kind === 'regenerate' ? cure.command : []))),
  ];
  const how = Object.fromEntries(
    [...cures].map(([path, cure]) => [
      path,
      cure.kind === 'union' ? cure.why : `made anew by: ${cure.command}`,
    ]),
  );
  if (commands.length === 0) return { kind: 'settled', tree: withUnions, how };
  return regenerate(world, { tree: withUnions, parent: sides[0], cures, commands, how });
}

async function cureFor(
  world: MergeWorld,
  merge: ConflictedMerge,
  { path, sides }: { path: string; sides: readonly [string, string] },
): Promise<Cure | undefined> {
  const generated = Object.entries(world.merge.regenerate).find(([pattern]) => patternCovers(pattern, path));
  if (generated !== undefined) return { kind: 'regenerate', command: generated[1] };
  const stages = merge.stages.filter((stage) => stage.path === path && stage.stage !== 1);
  // A file that one side deleted or renamed is no matter of lines.
  if (stages.length !== 2 || merge.notes.some((note) => note.paths.includes(path) && !isContents(note.kind)))
    return undefined;
  const text = (await runGit(['cat-file', 'blob', `${merge.tree}:${path}`], { cwd: world.home.mainRoot }))
    .stdout;
  // Bytes that are no UTF-8 would not survive being put together as text.
  const parts = text.includes('\uFFFD') ? undefined : parseMarked(text, sides);
  if (parts === undefined || !parts.some((part) => part.kind === 'hunk')) return undefined;
  if (world.merge.union.some((pattern) => patternCovers(pattern, path)))
    return { kind: 'union', text: unionOf(parts), why: 'both sides kept' };
  return hasOnlyImports(parts)
    ? { kind: 'union', text: unionOf(parts), why: 'imports of both sides kept' }
    : undefined;
}

function isContents(kind: string): boolean {
  return kind === 'CONFLICT (contents)' || kind === 'CONFLICT (add/add)';
}

async function applyUnions(
  world: MergeWorld,
  merge: ConflictedMerge,
  cures: ReadonlyMap<string, Cure>,
): Promise<string> {
  const cwd = world.home.mainRoot;
  const changes: string[] = [];
  for (const [path, cure] of cures) {
    const ours = merge.stages.find((stage) => stage.path === path && stage.stage === 2);
    const entry = cure.kind === 'union' ? await writeBlob(cwd, cure.text, ours) : ours;
    // A generated file starts from a whole one: markers in it would only make its command fail.
    if (entry !== undefined) changes.push(`${entry.mode} ${entry.oid} 0\t${path}\0`);
  }
  return editTree(world, merge.tree, changes);
}

async function writeBlob(
  cwd: string,
  text: string,
  ours: ConflictStage | undefined,
): Promise<Pick<ConflictStage, 'mode' | 'oid'>> {
  const oid = (await git([...INERT, 'hash-object', '-w', '--stdin'], { cwd, input: text })).trim();
  return { mode: ours?.mode ?? '100644', oid };
}

// In an index of its own: neither a worktree's index nor its files are touched.
async function editTree(world: MergeWorld, tree: string, changes: readonly string[]): Promise<string> {
  const folder = join(tmpdir(), `dotsquad-index-${world.newId()}`);
  world.store.makeFolder(folder);
  const options = { cwd: world.home.mainRoot, env: { GIT_INDEX_FILE: join(folder, 'index') } };
  try {
    await git([...INERT, 'read-tree', tree], options);
    await git([...INERT, 'update-index', '-z', '--index-info'], { ...options, input: changes.join('') });
    return (await git([...INERT, 'write-tree'], options)).trim();
  } finally {
    world.store.removeFolder(folder);
  }
}

interface Regeneration {
  readonly tree: string;
  readonly parent: string;
  readonly cures: ReadonlyMap<string, Cure>;
  readonly commands: readonly string[];
  readonly how: Readonly<Record<string, string>>;
}

async function regenerate(world: MergeWorld, what: Regeneration): Promise<Settlement> {
  const cwd = integrationPath(world);
  await checkOut(world, what.parent, what.tree);
  const files = [...what.cures].flatMap(([path, cure]) => (cure.kind === 'regenerate' ? path : []));
  for (const command of what.commands) {
    world.onStep(`regenerating ${files.join(', ')}: ${command}`);
    const ran = await runShell(command, {
      cwd,
      env: world.env,
      timeoutMs: REGENERATE_MS,
      ...signalOf(world),
    });
    if (ran.exitCode !== 0)
      return {
        kind: 'open',
        files,
        why: `"${command}" failed with ${ran.exitCode}: ${ran.output.trim().slice(-400)}`,
      };
  }
  const input = files.map((path) => `:(literal,top)${path}`).join('\0');
  await git([...INERT, 'add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'], { cwd, input });
  const tree = (await git([...INERT, 'write-tree'], { cwd })).trim();
  return { kind: 'settled', tree, how: what.how };
}

const REGENERATE_MS = 10 * 60_000;

function signalOf({ signal }: MergeWorld): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
