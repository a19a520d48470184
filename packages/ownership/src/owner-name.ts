/** Who acts: an agent and the roles it plays. */
export interface Actor {
  readonly agent: string;
  readonly roles: readonly string[];
}

/** True when the rule's owner is this agent or one of its roles; `@login` is also `login` and `human-login`. */
export function isOwner(owner: string, actor: Actor): boolean {
  if (owner === 'NONE') return false;
  const names = owner.startsWith('@') ? [owner, owner.slice(1), `human-${owner.slice(1)}`] : [owner];
  return names.some((name) => name === actor.agent || actor.roles.includes(name));
}
