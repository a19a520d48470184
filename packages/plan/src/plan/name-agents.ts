import { at } from '../schedule/lists.ts';
import type { Draft } from './make-plan.ts';

/** Agents with their names, and where each of the scheduler's numbers went. */
export interface NamedAgents {
  readonly agents: readonly { readonly id: string; readonly role: string; readonly plan: string }[];
  readonly roles: readonly string[];
  /** For each of the scheduler's agents its place in `agents`. */
  readonly placeOf: Int32Array;
}

/**
 * Names agents `agent-<n>-<role>`: the role from the roster, else the area that most of its minutes go to. Numbered
 * in the order in which the document names the areas, then by their first task. Agents without tasks are left out.
 */
export function nameAgents(draft: Draft): NamedAgents {
  if (draft.carried.team.length > 0) return keepNames(draft);
  const { items, slots, allocated, input, built } = draft;
  const areas = input.document.areas.map(({ area }) => area);
  const drafts = Array.from({ length: built.problem.agentCount }, (_, agent) => {
    const own = items.flatMap((item, task) => (at(allocated.agents, task) === agent ? [{ item, task }] : []));
    const role = slots.roles[agent]?.name ?? mainArea(own.map(({ item }) => item));
    const place = areas.indexOf(role);
    return { agent, role, first: own[0]?.task ?? Infinity, place: place === -1 ? areas.length : place };
  });
  const used = drafts.filter(({ first }) => first !== Infinity);
  used.sort((a, b) => a.place - b.place || a.first - b.first);
  const placeOf = new Int32Array(built.problem.agentCount).fill(-1);
  for (const [place, { agent }] of used.entries()) placeOf[agent] = place;
  const agents = used.map(({ role }, index) => ({
    id: `agent-${index + 1}-${slug(role)}`,
    role,
    plan: `.squad/parallel-plans/agent-${index + 1}-plan.md`,
  }));
  return { agents, roles: used.map(({ role }) => role), placeOf };
}

/** A team that has begun keeps its names; newcomers get the next numbers. */
function keepNames({ items, slots, allocated, carried, built }: Draft): NamedAgents {
  const busy = new Set([...allocated.agents].map((agent) => carried.team[agent]?.id ?? ''));
  for (const { agent } of carried.kept) busy.add(agent);
  const numbers = carried.team.map(({ id }) => Number(/^agent-(\d+)/u.exec(id)?.[1] ?? 0));
  let next = Math.max(0, ...numbers);
  const known = carried.team.map(({ id, role }, index) => ({
    id,
    role,
    number: numbers[index] ?? 0,
    agent: index,
  }));
  const newcomers = Array.from(
    { length: Math.max(0, built.problem.agentCount - known.length) },
    (_, index) => {
      const agent = known.length + index;
      const role =
        slots.roles[agent]?.name ??
        mainArea(items.filter((_item, task) => at(allocated.agents, task) === agent));
      next += 1;
      return { id: `agent-${next}-${slug(role)}`, role, number: next, agent };
    },
  );
  const used = [
    ...known.filter(({ id }) => busy.has(id)),
    ...newcomers.filter(({ agent }) => allocated.agents.includes(agent)),
  ];
  used.sort((a, b) => a.number - b.number || a.agent - b.agent);
  const placeOf = new Int32Array(Math.max(built.problem.agentCount, carried.team.length)).fill(-1);
  for (const [place, { agent }] of used.entries()) placeOf[agent] = place;
  return {
    agents: used.map(({ id, role, number }) => ({
      id,
      role,
      plan: `.squad/parallel-plans/agent-${number}-plan.md`,
    })),
    roles: used.map(({ role }) => role),
    placeOf,
  };
}

function mainArea(items: readonly { readonly area: string | undefined; readonly minutes: number }[]): string {
  const minutes = new Map<string, number>();
  for (const { area, minutes: length } of items)
    if (area !== undefined) minutes.set(area, (minutes.get(area) ?? 0) + length);
  const [first] = [...minutes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return first?.[0] ?? 'general';
}

function slug(role: string): string {
  const text = role
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 40);
  return text === '' ? 'general' : text;
}
