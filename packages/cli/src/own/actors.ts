import { join } from 'node:path';
import { parseFrontMatter } from '#markdown';
import type { Actor, CompiledMatrix } from '#ownership';
import { parseAgentId, planHeaderSchema } from '#protocol';
import type { Store } from '#store';
import type { CommitChanges } from './commit-changes.ts';

/** Who is who: agents with the roles of their plans, and the names the matrix knows. */
export interface Actors {
  readonly actor: (agent: string) => Actor;
  /** Whoever had a hand in a commit: one, or the agents of commits that were squashed into it. */
  readonly authorsOf: (
    commit: Pick<CommitChanges, 'agents' | 'authorName' | 'authorEmail'>,
  ) => readonly Author[];
}

/** Who made a commit: the agent of its trailer, an author whom plans or matrix name, else a person they do not know. */
export interface Author extends Actor {
  readonly isKnown: boolean;
}

/** Reads the roles of the plans; a plan that cannot be read gives none. `AGENT_TYPE` is a role of `self`. */
export function readActors(
  store: Store,
  squadDir: string,
  known: {
    readonly matrix: CompiledMatrix;
    readonly self?: string | undefined;
    readonly env: NodeJS.ProcessEnv;
  },
): Actors {
  const roles = rolesOfPlans(store, squadDir);
  const type = known.env['AGENT_TYPE'];
  if (known.self !== undefined && type !== undefined && type !== '') addTo(roles, known.self, type);
  const names = new Set([
    ...roles.keys(),
    ...known.matrix.rules.flatMap(({ owner, order }) => [owner, ...(order ?? [])]),
  ]);
  const actor = (agent: string): Actor => ({ agent, roles: roles.get(agent) ?? [] });
  return {
    actor,
    authorsOf({ agents, authorName, authorEmail }) {
      const named = agents.length > 0 ? agents : [authorName].filter((name) => names.has(name));
      const known = named.filter((name) => parseAgentId(name).ok);
      if (known.length > 0) return known.map((name) => ({ ...actor(name), isKnown: true }));
      const login = authorName
        .toLowerCase()
        .replaceAll(/[^a-z0-9._-]+/gu, '-')
        .replaceAll(/^[.-]+|[.-]+$/gu, '')
        .slice(0, 50);
      const agent = `human-${login === '' ? 'unknown' : login}`;
      const aliases = [authorEmail, authorName];
      const isKnown = [agent, `@${login}`, ...aliases].some((name) => names.has(name));
      return [{ agent, roles: aliases, isKnown }];
    },
  };
}

function rolesOfPlans(store: Store, squadDir: string): Map<string, string[]> {
  const folder = join(squadDir, 'parallel-plans');
  const roles = new Map<string, string[]>();
  for (const file of store.list(folder).filter((name) => name.endsWith('-plan.md'))) {
    const path = join(folder, file);
    const document = parseFrontMatter(store.readText(path) ?? '', path);
    const header = document.ok ? planHeaderSchema.decode(document.value.data) : document;
    if (header.ok) addTo(roles, header.value.agent, header.value.role);
  }
  return roles;
}

function addTo(roles: Map<string, string[]>, agent: string, role: string): void {
  roles.set(agent, [...(roles.get(agent) ?? []), role]);
}
