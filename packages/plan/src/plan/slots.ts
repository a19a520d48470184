import type { Diagnostic } from '#protocol';
import type { WorkItem } from '../work/work-item.ts';
import { areaNamed } from '../read/area.ts';
import { canDo, type Role } from './role.ts';

/** Roles given to numbered agents, and who may do what. */
export interface Slots {
  /** Role of each agent; empty without a roster: any agent may do any task. */
  readonly roles: readonly Role[];
  /** Agents that may do each task, as bits. */
  readonly allowed: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Fills `agentCount` places from a roster: first one of each role that is needed, then more of the busiest. */
export function fillSlots(
  roster: readonly Role[],
  items: readonly WorkItem[],
  place: {
    readonly agentCount: number;
    readonly document: string;
    /** Role names of agents that are there already, in their order. */
    readonly team: readonly string[];
  },
): Slots {
  const everyone = 2 ** place.agentCount - 1;
  if (roster.length === 0) return { roles: [], allowed: items.map(() => everyone), diagnostics: [] };
  const team = place.team
    .slice(0, place.agentCount)
    .map((name) => roster.find((role) => role.name === name) ?? { name, skills: [] });
  const roles = [...team, ...pickRoles(roster, items, place.agentCount - team.length)];
  const diagnostics: Diagnostic[] = [];
  const allowed = items.map((item) => {
    const needs = needsOf(item, roster);
    const bits = roles.reduce((sum, role, agent) => (canDo(role, needs) ? sum + 2 ** agent : sum), 0);
    if (bits === 0) diagnostics.push(nobody(item, roster, place.document));
    return bits === 0 ? everyone : bits;
  });
  return { roles, allowed, diagnostics };
}

/** Roles of a roster that some task needs. */
export function neededRoles(roster: readonly Role[], items: readonly WorkItem[]): readonly Role[] {
  return roster.filter((role) => items.some((item) => canDo(role, needsOf(item, roster))));
}

function pickRoles(roster: readonly Role[], items: readonly WorkItem[], count: number): readonly Role[] {
  const needed = neededRoles(roster, items);
  const base = needed.length > 0 ? needed : roster;
  const minutes = base.map((role) =>
    items.reduce((sum, item) => (canDo(role, needsOf(item, roster)) ? sum + item.minutes : sum), 0),
  );
  const taken = base.map(() => 0);
  const picked: Role[] = [];
  while (picked.length < count) {
    let best = 0;
    for (const [index] of base.entries()) if (urgency(index) > urgency(best)) best = index;
    taken[best] = (taken[best] ?? 0) + 1;
    const role = base[best];
    if (role !== undefined) picked.push(role);
  }
  return picked;

  function urgency(index: number): number {
    const had = taken[index] ?? 0;
    return had === 0 ? Infinity : (minutes[index] ?? 0) / (had + 1);
  }
}

/** What a task asks of an agent; an area that nobody in the roster is named for is everybody's. */
export function needsOf(item: WorkItem, roster: readonly Role[]): Parameters<typeof canDo>[1] {
  const isKnown = (skill: string): boolean => roster.some(({ skills }) => skills.includes(skill));
  const asked = item.source.skills.map((skill) => skill.toLowerCase());
  const skills = asked.filter((skill) => isKnown(skill) || areaNamed(skill) === undefined);
  return { skills, agent: item.source.agent };
}

function nobody(item: WorkItem, roster: readonly Role[], path: string): Diagnostic {
  const { agent, skills } = item.source;
  const wants = agent ?? (skills.length > 0 ? skills.join(', ') : (item.area ?? 'nothing special'));
  return {
    severity: 'warning',
    code: 'AGENT_UNKNOWN',
    message: `no role can do ${item.id} (needs ${wants}); it may go to anyone`,
    path,
    range: item.source.range,
    expected: roster.map(({ name }) => name).join(' | '),
  };
}
