import { join } from 'node:path';
import type { Store } from './store.ts';
import { hashText } from './twin.ts';

/** One recorded edit of a file: its text before (as last recorded, by whomever) and after. */
export interface EditStep {
  readonly agent: string;
  /** `undefined`: nothing was recorded before; the text was the last commit's. */
  readonly before: string | undefined;
  readonly after: string;
}

interface Line {
  readonly agent: string;
  readonly path: string;
  readonly worktreeRoot: string;
  readonly before?: string;
  /** Absent: the agent's steps on the path so far are settled. */
  readonly after?: string;
}

// Larger files are recorded as changed, but not what changed in them.
const MAX_TEXT_BYTES = 1_000_000;
const MAX_LOG_BYTES = 4_000_000;

function folderOf(squadDir: string): string {
  return join(squadDir, '.run', 'edits');
}

function logOf(squadDir: string): string {
  return join(folderOf(squadDir), 'steps.ndjson');
}

function textPath(squadDir: string, hash: string): string {
  return join(folderOf(squadDir), hash.replace(':', '-'));
}

/** Keeps the file's text as it is now as the agent's step. Too large files and unreadable ones are left out. */
export function recordStep(
  store: Store,
  squadDir: string,
  edit: { readonly agent: string; readonly path: string; readonly worktreeRoot: string },
): void {
  const file = join(edit.worktreeRoot, edit.path);
  const size = store.stat(file)?.size ?? 0;
  const text = size > MAX_TEXT_BYTES ? undefined : store.readText(file);
  if (text === undefined) return;
  const log = logOf(squadDir);
  if ((store.stat(log)?.size ?? 0) > MAX_LOG_BYTES) store.removeFolder(folderOf(squadDir));
  const before = linesOf(store, squadDir, edit).findLast((line) => line.after !== undefined)?.after;
  const after = hashText(text);
  if (before === after) return;
  store.createExclusive(textPath(squadDir, after), text);
  const { agent, path, worktreeRoot } = edit;
  const line: Line = { agent, path, worktreeRoot, ...(before === undefined ? {} : { before }), after };
  store.append(log, `${JSON.stringify(line)}\n`);
}

/** The recorded edits of a file that are not settled, oldest first. */
export function readSteps(
  store: Store,
  squadDir: string,
  file: { readonly path: string; readonly worktreeRoot: string },
): readonly EditStep[] {
  const lines = linesOf(store, squadDir, file);
  return lines.flatMap((line, index): EditStep[] => {
    const isSettled = lines
      .slice(index)
      .some((later) => later.after === undefined && later.agent === line.agent);
    if (isSettled || line.after === undefined) return [];
    const after = store.readText(textPath(squadDir, line.after));
    const before = line.before === undefined ? undefined : store.readText(textPath(squadDir, line.before));
    return after === undefined ? [] : [{ agent: line.agent, before, after }];
  });
}

/** Settles the agent's steps on a file, because they were committed. */
export function settleSteps(
  store: Store,
  squadDir: string,
  edit: { readonly agent: string; readonly path: string; readonly worktreeRoot: string },
): void {
  const { agent, path, worktreeRoot } = edit;
  if (!linesOf(store, squadDir, edit).some((line) => line.agent === agent)) return;
  store.append(logOf(squadDir), `${JSON.stringify({ agent, path, worktreeRoot })}\n`);
}

function linesOf(
  store: Store,
  squadDir: string,
  file: { readonly path: string; readonly worktreeRoot: string },
): readonly Line[] {
  const text = store.readText(logOf(squadDir)) ?? '';
  return text.split('\n').flatMap((line) => {
    // Most lines are about other files: they are not even parsed.
    if (!line.includes(JSON.stringify(file.path))) return [];
    const decoded = decode(line);
    const isMeant = decoded?.path === file.path && decoded.worktreeRoot === file.worktreeRoot;
    return isMeant ? [decoded] : [];
  });
}

function decode(line: string): Line | undefined {
  try {
    const value = JSON.parse(line) as Partial<Line> | null;
    const isLine =
      typeof value?.agent === 'string' &&
      typeof value.path === 'string' &&
      typeof value.worktreeRoot === 'string';
    return isLine ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}
