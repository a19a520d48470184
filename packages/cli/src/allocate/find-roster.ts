import { join } from 'node:path';
import { readConfig } from '#config';
import { readAgentFile, type Role } from '#plan';
import type { SquadHome } from '#store';
import type { Call } from '../shell/command.ts';
import { readRoster } from './read-roster.ts';

/** Who there is, and who said so. */
export interface Roster {
  readonly roles: readonly Role[];
  /** `undefined` where nobody did: the built-in roles. */
  readonly why: string | undefined;
}

const AGENTS = '.claude/agents';

/**
 * The roster in force: `--roles FILE`, else `roles` in `.squad/config.yaml`, else the agents in `.claude/agents/` when one of
 * them has a skill of its own, else the built-in one. Agents whose tools write no files are given no tasks.
 */
export async function findRoster(call: Call, home: SquadHome): Promise<Roster> {
  const named = call.value('roles');
  if (named !== undefined) return said(await readRoster(call.io, named), `from ${named} (--roles)`);
  const { roles } = await readConfig(call.io.store, home.squadDir);
  const configured = Object.entries(roles).map(([name, skills]): Role => ({
    name,
    skills: [...new Set([name, ...skills].map((skill) => skill.toLowerCase()))],
  }));
  if (configured.length > 0) return said(configured, 'from .squad/config.yaml');
  return describedAgents(call, home);
}

function describedAgents({ io: { store } }: Call, { worktreeRoot }: SquadHome): Roster {
  const folder = join(worktreeRoot, AGENTS);
  const agents = store
    .list(folder)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => readAgentFile(store.readText(join(folder, name)) ?? '', `${AGENTS}/${name}`));
  const writers = agents.filter(({ canWrite }) => canWrite);
  if (!writers.some(({ skills }) => skills.length > 0)) return { roles: [], why: undefined };
  const others = agents.filter(({ canWrite }) => !canWrite).map(({ name }) => name);
  const left = others.length === 0 ? '' : `; no tasks for ${others.join(', ')}, whose tools write no files`;
  const roles = writers.map(({ name, skills }): Role => ({ name, skills }));
  return { roles, why: `${said(roles, `from ${AGENTS}`).why ?? ''}${left}` };
}

function said(roles: readonly Role[], from: string): Roster {
  const each = roles.map(({ name, skills }) => {
    const others = skills.filter((skill) => skill !== name.toLowerCase());
    return others.length === 0 ? name : `${name} (${others.join(', ')})`;
  });
  return { roles, why: `${from}: ${each.join(', ')}` };
}
