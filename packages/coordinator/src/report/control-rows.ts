import { isAddressedTo, isSameAgent } from '#comms';
import { renderInstant } from '#protocol';
import type { Judgement } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { unfinished } from '../reconcile/find-in-agents.ts';
import type { ControlRow } from './status-record.ts';

/** The order in force for all and for each agent: the last one to it. */
export function controlRows(
  { controls }: Pick<Snapshot, 'controls'>,
  { agents, tasks }: Judgement,
): readonly ControlRow[] {
  const last = new Map(controls.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).map((each) => [each.to, each]));
  return [...last.values()].map(({ id, command, to, at, acks }) => {
    const meant = agents.filter((agent) => isAddressedTo(to, agent.id) && agent.said !== undefined);
    const isLifted = command === 'resume';
    return {
      id,
      command,
      to,
      at: at === undefined ? null : renderInstant(at),
      acknowledgedBy: acks,
      missing: meant.map((agent) => agent.id).filter((agent) => !acks.some((ack) => isSameAgent(ack, agent))),
      pending: isLifted ? [] : meant.flatMap((agent) => unfinished(tasks, agent.id).map((task) => task.id)),
    };
  });
}
