import { isAddressedTo, isSameAgent } from '#comms';
import { renderDuration } from '#protocol';
import { finding, type Finding } from '../model/finding.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Handoffs, questions and controls that nobody takes up. */
export function findInMessages(snapshot: Snapshot, now: number): readonly Finding[] {
  return [
    ...handoffFindings(snapshot, now),
    ...questionFindings(snapshot, now),
    ...controlFindings(snapshot, now),
  ];
}

function handoffFindings(snapshot: Snapshot, now: number): readonly Finding[] {
  const open = snapshot.handoffs.filter(({ state }) => state === 'requested');
  return open.flatMap((handoff) => {
    const age = handoff.requestedAt === undefined ? 0 : now - handoff.requestedAt;
    const base = { key: handoff.id, paths: handoff.files, since: handoff.requestedAt } as const;
    if (!snapshot.agents.some(({ id }) => isSameAgent(id, handoff.to))) {
      const message = `${handoff.from} hands ${handoff.files.join(', ')} to ${handoff.to}, whom nobody knows`;
      return [
        finding({
          ...base,
          kind: 'HANDOFF_ADDRESSEE_UNKNOWN',
          severity: 'warning',
          message,
          agents: [handoff.from],
        }),
      ];
    }
    if (age <= snapshot.patience.handoffMs) return [];
    const message = `${handoff.to} has not answered the handoff of ${handoff.files.join(', ')} by ${handoff.from} for ${renderDuration(age)}`;
    return [
      finding({
        ...base,
        kind: 'HANDOFF_OVERDUE',
        severity: 'warning',
        message,
        agents: [handoff.from, handoff.to],
      }),
    ];
  });
}

function questionFindings(snapshot: Snapshot, now: number): readonly Finding[] {
  return snapshot.questions
    .filter(({ respondBy }) => respondBy !== undefined && respondBy < now)
    .map((question) =>
      finding({
        kind: 'QUESTION_OVERDUE',
        key: question.id,
        severity: 'warning',
        message: `${question.to} has not answered ${question.from}: ${question.text}`,
        agents: [question.from, question.to],
        since: question.respondBy,
      }),
    );
}

function controlFindings(snapshot: Snapshot, now: number): readonly Finding[] {
  return snapshot.controls.flatMap((control) => {
    if (control.deadline === undefined || control.deadline >= now) return [];
    const silent = snapshot.agents
      .filter(
        ({ id, said }) => isAddressedTo(control.to, id) && said !== undefined && said.status !== 'COMPLETE',
      )
      .filter(({ id }) => !control.acks.some((ack) => isSameAgent(ack, id)))
      .map(({ id }) => id);
    if (silent.length === 0) return [];
    return [
      finding({
        kind: 'CONTROL_UNACKNOWLEDGED',
        key: control.id,
        severity: 'warning',
        message: `${silent.join(', ')} did not acknowledge "${control.command}" in time`,
        agents: silent,
        since: control.deadline,
      }),
    ];
  });
}
