import { pathResource } from '#lock';
import { isOwner, isOwnRegion, parseRegions, resolveOwner, partitionOf } from '#ownership';
import { readSteps } from '#store';
import { applyEdit } from './apply-edit.ts';
import type { Change } from './change.ts';
import type { OwnershipDesk } from './open-ownership.ts';

/** What of a change belongs into the agent's commit. */
export type Share =
  | { readonly kind: 'whole'; readonly why: string }
  /** Only these parts of the file: the text to commit. */
  | { readonly kind: 'part'; readonly text: string; readonly why: string }
  | { readonly kind: 'left'; readonly why: string };

/** Who is known to have edited a path in this checkout, latest last. */
export type Editors = (path: string) => readonly string[];

/**
 * Which part of a change is this agent's: all of a path that is EXCLUSIVE to it, its fragment, its regions, a path whose
 * lease it holds, a free path that only it is recorded to have edited. Everything else is left alone.
 */
export async function shareOf(
  desk: OwnershipDesk,
  change: Change,
  who: { readonly agent: string; readonly editors: Editors; readonly isNamed: boolean },
): Promise<Share> {
  const { path } = change;
  const { agent } = who;
  const resolution = resolveOwner(desk.matrix, path);
  if (resolution.kind === 'ambiguous') return left('rules disagree about it');
  const { rule } = resolution;
  if (rule.access === 'READ-ONLY') return left('READ-ONLY');
  if (rule.access === 'EXCLUSIVE') {
    return isOwner(rule.owner, desk.actors.actor(agent))
      ? whole(`EXCLUSIVE to ${rule.owner}`)
      : left(`EXCLUSIVE to ${rule.owner}`);
  }
  if (rule.access === 'PARTITIONED' && resolution.kind === 'ruled') {
    const partition = partitionOf(resolution.rule, { path, agent }, desk.matrix);
    if (partition.kind === 'regions') return ownRegions(change, agent);
    return partition.isOwn ? whole('your fragment') : left('the fragment of another');
  }
  return sequentialShare(desk, change, who);
}

async function sequentialShare(
  desk: OwnershipDesk,
  change: Change,
  { agent, editors, isNamed }: { agent: string; editors: Editors; isNamed: boolean },
): Promise<Share> {
  const { path } = change;
  const leases = desk.locks.leasesOn(pathResource(path)).filter(({ reserved }) => !reserved);
  const rival = leases.find((lease) => lease.agent !== agent && lease.mode === 'exclusive');
  if (rival !== undefined) return left(`${rival.agent} holds its lease`);
  const others = [...new Set(editors(path).filter((editor) => editor !== agent))];
  const isOwnWork = editors(path).includes(agent) || leases.some((lease) => lease.agent === agent);
  if (others.length > 0 && isOwnWork) return withoutOthers(desk, change, { agent, others });
  if (others.length > 0) return left(`${others.join(' and ')} edited it`);
  if (leases.some((lease) => lease.agent === agent)) return whole('you hold its lease');
  if (isOwnWork) return whole('only you are recorded to have edited it');
  return isNamed
    ? whole('you named it, and nobody else holds it or edited it')
    : left('nobody is recorded to have edited it: name it to commit it');
}

// The text as it is now, with what others are recorded to have done to it taken back, newest first.
async function withoutOthers(
  desk: OwnershipDesk,
  change: Change,
  { agent, others }: { agent: string; others: readonly string[] },
): Promise<Share> {
  const { store } = desk.call.io;
  const { squadDir, worktreeRoot } = desk.squad;
  const [before, after] = [await change.before(), await change.after()];
  const steps = readSteps(store, squadDir, { path: change.path, worktreeRoot });
  const foreign = steps.filter((step) => step.agent !== agent);
  const names = others.join(' and ');
  if (isLossy(before, after)) return left(`${names} edited it too, and it is not UTF-8 text`);
  if (after === undefined || foreign.length === 0)
    return left(`${names} edited it too, and the parts cannot be told apart`);
  let text: string | undefined = after;
  for (const step of foreign.toReversed()) {
    if (text !== undefined)
      text = await applyEdit(store, { text, from: step.after, to: step.before ?? before ?? '' });
  }
  if (text === undefined) return left(`your edits and those of ${names} touch the same lines`);
  return text === (before ?? '')
    ? left(`only ${names} edited it`)
    : { kind: 'part', text, why: `without the edits of ${names}` };
}

async function ownRegions(change: Change, agent: string): Promise<Share> {
  const [before, after] = [await change.before(), await change.after()];
  if (after === undefined) return left('a shared file was deleted');
  if (isLossy(before, after)) return left('its regions cannot be taken apart: it is not UTF-8 text');
  if (before === undefined)
    return { kind: 'part', text: withoutForeign(after, agent), why: 'a new shared file' };
  const text = withOwnRegions(before, after, agent);
  return text === before ? left('not in your region') : { kind: 'part', text, why: 'your regions only' };
}

// Bytes that are no UTF-8 could not be written back as they were.
function isLossy(...texts: readonly (string | undefined)[]): boolean {
  return texts.some((text) => text?.includes('\uFFFD') === true);
}

interface Piece {
  readonly own: boolean;
  readonly name: string | undefined;
  readonly lines: readonly string[];
}

function piecesOf(text: string, agent: string): readonly Piece[] {
  const lines = text.split('\n');
  const pieces: Piece[] = [];
  let next = 0;
  for (const { name, first, last } of parseRegions(text).regions) {
    pieces.push({ own: false, name: undefined, lines: lines.slice(next, first - 1) });
    pieces.push({ own: isOwnRegion(name, agent), name, lines: lines.slice(first - 1, last) });
    next = last;
  }
  return [...pieces, { own: false, name: undefined, lines: lines.slice(next) }];
}

/** The old text with the agent's regions as they are in the new one; new ones go where they stand, else to the end. */
function withOwnRegions(before: string, after: string, agent: string): string {
  const now = piecesOf(after, agent).filter(({ own }) => own);
  const old = piecesOf(before, agent);
  const kept = old.flatMap((piece) =>
    piece.own ? (now.find(({ name }) => name === piece.name)?.lines ?? []) : piece.lines,
  );
  const added = now.filter(({ name }) => !old.some((piece) => piece.own && piece.name === name));
  if (added.length === 0) return kept.join('\n');
  const body = kept.at(-1) === '' ? kept.slice(0, -1) : kept;
  return [...body, ...added.flatMap(({ lines }) => ['', ...lines]), ''].join('\n');
}

function withoutForeign(text: string, agent: string): string {
  return piecesOf(text, agent)
    .filter(({ own, name }) => own || name === undefined)
    .flatMap(({ lines }) => lines)
    .join('\n');
}

function whole(why: string): Share {
  return { kind: 'whole', why };
}

function left(why: string): Share {
  return { kind: 'left', why };
}
