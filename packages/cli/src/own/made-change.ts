import type { Actor, Resolution } from '#ownership';
import type { Change } from './change.ts';
import type { Finding } from './finding.ts';

/** A change and who made it. */
export interface Made {
  readonly change: Change;
  /** `undefined`: not known. `isKnown: false`: a person whom neither plans nor matrix name. */
  readonly actor: (Actor & { readonly isKnown?: boolean }) | undefined;
  readonly commit?: string;
  readonly worktree?: string;
}

/** A finding about a change, with what the rule says of its path. */
export function createFinding(
  made: Made,
  resolution: Resolution,
  about: Pick<Finding, 'reason' | 'severity' | 'message' | 'next'>,
): Finding {
  const { change, actor, commit, worktree } = made;
  const rule = resolution.kind === 'ambiguous' ? resolution.rules[0] : resolution.rule;
  return {
    path: change.path,
    ...about,
    ...(actor === undefined ? {} : { agent: actor.agent }),
    owner: rule?.owner ?? 'NONE',
    access: rule?.access ?? 'SEQUENTIAL',
    ...(resolution.kind === 'ruled'
      ? { rule: { pattern: resolution.rule.pattern, line: resolution.rule.line } }
      : {}),
    ...(commit === undefined ? {} : { commit }),
    ...(worktree === undefined ? {} : { worktree }),
  };
}

/** `modified by agent-2 in commit 1a2b3c`. */
export function sentence({ change, actor, commit, worktree }: Made): string {
  const who = actor?.agent ?? 'somebody who set no AGENT_ID';
  const inCommit = commit === undefined ? '' : ` in commit ${commit.slice(0, 12)}`;
  const inWorktree = worktree === undefined ? '' : ` in worktree ${worktree}`;
  return `${change.kind} by ${who}${inCommit}${inWorktree}`;
}
