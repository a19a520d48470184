import { join } from 'node:path';
import { parseAgentId, type CommBlock, type Diagnostic } from '#protocol';
import type { Store } from '#store';
import { parseComm } from './parse-comm.ts';
import { renderBlock, type UnplacedBlock } from './render-block.ts';

const SUFFIX = '-comm.md';

/** Path of an agent's comm file: only that agent writes it. */
export function commPath(squadDir: string, agent: string): string {
  return join(squadDir, 'comms', `${agent}${SUFFIX}`);
}

/** Agents that have a comm file, sorted; files whose name is no agent id are left out. */
export function listCommAuthors(store: Store, squadDir: string): readonly string[] {
  return store
    .list(join(squadDir, 'comms'))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter((author) => parseAgentId(author).ok);
}

/** Everything said in `.squad/comms/`. */
export interface CommReading {
  /** File after file by author, in file order within each. */
  readonly blocks: readonly CommBlock[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every comm file of a `.squad/` folder. */
export function readComms(store: Store, squadDir: string): CommReading {
  const parses = listCommAuthors(store, squadDir).map((author) =>
    parseComm(store.readText(commPath(squadDir, author)) ?? '', {
      author,
      path: `.squad/comms/${author}${SUFFIX}`,
    }),
  );
  return {
    blocks: parses.flatMap(({ blocks }) => blocks),
    diagnostics: parses.flatMap(({ diagnostics }) => diagnostics),
  };
}

/**
 * Appends one whole block to its author's file in one write, after a blank line (and after the line break that a
 * person's editor left out), and fsyncs it. Returns what was written.
 */
export function appendBlock(store: Store, squadDir: string, block: UnplacedBlock): string {
  const path = commPath(squadDir, block.author);
  const text = renderBlock(block);
  const size = store.stat(path)?.size ?? 0;
  const last = size === 0 ? undefined : store.readFrom(path, size - 1, 1)?.[0];
  const gap = last === undefined ? '' : last === 0x0a ? '\n' : '\n\n';
  store.append(path, gap + text, { fsync: true });
  return text;
}
