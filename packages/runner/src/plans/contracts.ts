import { join } from 'node:path';
import { foldHandoffs } from '#comms';
import { parseFrontMatter } from '#markdown';
import type { CommBlock } from '#protocol';
import type { Store } from '#store';
import { agentOf } from './agent-environment.ts';
import { writtenBy, type Task } from '#tasks';

/** Where contracts lie, relative to a checkout's root. */
export const CONTRACTS_FOLDER = '.claude/contracts';

/** Repo-relative paths of the contracts in a checkout. */
export function listContracts(store: Store, root: string): readonly string[] {
  return store
    .list(join(root, CONTRACTS_FOLDER))
    .filter((name) => !name.startsWith('.') && name !== 'README.md')
    .map((name) => `${CONTRACTS_FOLDER}/${name}`);
}

/**
 * Who must agree before `agent` changes a contract: the header's `owner`, else who plans to write the file (the agent
 * itself, when it is among them), else who produces what it is named for; `undefined` when nobody is named.
 */
export function contractOwner(
  store: Store,
  root: string,
  question: { readonly path: string; readonly tasks: readonly Task[]; readonly agent: string },
): string | undefined {
  const { path, tasks, agent } = question;
  const front = parseFrontMatter(store.readText(join(root, path)) ?? '', path);
  const named = front.ok ? front.value.data?.['owner'] : undefined;
  if (typeof named === 'string' && named.trim() !== '') return named.trim();
  const writers = tasks.filter((task) => writtenBy(task).includes(path)).map(agentOf);
  if (writers.length > 0) return writers.includes(agent) ? agent : writers[0];
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/u, '');
  const producer = tasks.find(({ produces }) => produces.some((made) => made === path || made === name));
  return producer === undefined ? undefined : agentOf(producer);
}

/** One sentence per contract that an agent changed although another owns it and handed nothing over. */
export function contractBreaches(change: {
  readonly agent: string;
  readonly changed: readonly string[];
  readonly ownerOf: (path: string) => string | undefined;
  readonly blocks: readonly CommBlock[];
}): readonly string[] {
  const { agent, changed, ownerOf, blocks } = change;
  const handedOver = new Set(
    [...foldHandoffs(blocks).handoffs]
      .filter(({ state, to }) => (state === 'accepted' || state === 'completed') && to === agent)
      .flatMap(({ files }) => files.map((path) => path.replace(/^\/+/u, ''))),
  );
  return changed
    .filter((path) => path.startsWith(`${CONTRACTS_FOLDER}/`) && !handedOver.has(path))
    .flatMap((path) => {
      const owner = ownerOf(path);
      return owner === undefined || owner === agent
        ? []
        : [
            `contract ${path} was changed without its owner ${owner} (who hands it over with: squad-comms handoff ${agent} --file ${path})`,
          ];
    });
}
