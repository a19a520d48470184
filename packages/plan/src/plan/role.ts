import { areaNamed } from '../read/area.ts';

/** A kind of agent: what it is called and what it can do. */
export interface Role {
  readonly name: string;
  /** Lower-case words, areas among them; empty: it can do anything. */
  readonly skills: readonly string[];
}

/** True when the role may do a task that names this agent or, failing that, asks for these skills. */
export function canDo(
  role: Role,
  needs: { readonly skills: readonly string[]; readonly agent: string | undefined },
): boolean {
  if (needs.agent !== undefined) return isNamed(role, needs.agent);
  return role.skills.length === 0 || needs.skills.every((skill) => role.skills.includes(skill));
}

function isNamed(role: Role, agent: string): boolean {
  const wanted = agent.toLowerCase().replace(/^@/u, '');
  const name = role.name.toLowerCase();
  return (
    name === wanted ||
    wanted.endsWith(`-${name}`) ||
    (areaNamed(wanted) !== undefined && areaNamed(wanted) === areaNamed(name))
  );
}
