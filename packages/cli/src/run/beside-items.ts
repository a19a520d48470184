import { join } from 'node:path';
import { listChanges } from '#git';
import type { FanoutItem } from '#runner';
import type { Call } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';

/** Notices files that change beside the items of a fan-out: they are not put back when an item fails. */
export interface BesideItems {
  /** Repo-relative paths, other than the items', that changed since the watch began. */
  readonly changed: () => Promise<readonly string[]>;
}

/** Begins to watch; outside git nothing can be told. */
export async function watchBesideItems(
  call: Call,
  squad: Squad,
  items: readonly FanoutItem[],
): Promise<BesideItems> {
  const root = squad.worktreeRoot;
  const look = async (): Promise<ReadonlyMap<string, string>> => {
    const paths = squad.isGit ? (await listChanges(root)).map(({ path }) => path) : [];
    return new Map(paths.map((path) => [path, stateOf(call, join(root, path))]));
  };
  const isItem = (path: string): boolean =>
    items.some((item) => `${join(root, path)}/`.startsWith(`${item.path}/`));
  const before = await look();
  return {
    async changed() {
      const now = await look();
      const paths = [...new Set([...before.keys(), ...now.keys()])];
      return paths
        .filter((path) => !path.startsWith('.squad/') && !isItem(path))
        .filter((path) => before.get(path) !== now.get(path));
    },
  };
}

function stateOf({ io }: Call, path: string): string {
  const stat = io.store.stat(path);
  return stat === undefined ? 'gone' : `${stat.kind} ${stat.size} ${stat.modifiedMs}`;
}
