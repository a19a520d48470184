import { printableLine } from '#protocol';
import type { StatusRecord } from './status-record.ts';

/** What changed between two states, one line each: for terminals that are none. */
export function renderChanges(before: StatusRecord | undefined, after: StatusRecord): readonly string[] {
  const time = after.at.slice(11, 19);
  const old = new Set(before === undefined ? [] : facts(before));
  const cleared = (before?.findings ?? [])
    .filter(({ key }) => !after.findings.some((finding) => finding.key === key))
    .map(({ kind, message }) => `cleared ${kind} ${message}`);
  return [...facts(after).filter((fact) => !old.has(fact)), ...cleared].map(
    (fact) => `${time} ${printableLine(fact)}`,
  );
}

function facts(record: StatusRecord): readonly string[] {
  return [
    ...record.agents.map(({ id, status, life, task, done, total, waitingFor }) => {
      const progress = done === null || total === null ? '' : ` ${done}/${total}`;
      return `${id} ${status ?? 'not heard of'} (${life})${task === null ? '' : ` ${task}`}${progress}${waitingFor === null ? '' : ` waits for ${waitingFor}`}`;
    }),
    ...record.tasks.map(
      ({ id, agent, state }) => `task ${id} is ${state}${agent === '' ? '' : ` (${agent})`}`,
    ),
    ...record.needs.map(({ message, commands }) => `needs a person: ${message}: ${commands.join(' or ')}`),
    ...record.leases.map(({ path, agent }) => `lease ${path} held by ${agent}`),
    ...record.handoffs.map(
      ({ files, from, to, state }) => `handoff of ${files.join(', ')} from ${from} to ${to}: ${state}`,
    ),
    ...record.findings.map(({ severity, kind, message }) => `${severity} ${kind} ${message}`),
    ...record.actions.map(
      ({ policy, kind, key, reason }) => `${policy} ${kind} ${key.slice(kind.length + 1)}: ${reason}`,
    ),
  ];
}
