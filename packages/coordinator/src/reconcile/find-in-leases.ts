import { isSameAgent } from '#comms';
import { renderDuration } from '#protocol';
import { finding, type Finding } from '../model/finding.ts';
import type { ObservedZoneUse, Snapshot } from '../model/snapshot.ts';

/** Leases of the dead and the expired, and operations that run twice. */
export function findInLeases(snapshot: Snapshot, now: number): readonly Finding[] {
  const stale = snapshot.leases.filter(({ isExpired, holderLife }) => isExpired || holderLife === 'dead');
  return [
    ...stale.map((lease) =>
      finding({
        kind: 'STALE_LOCK',
        key: `${lease.path}#${lease.token}`,
        severity: 'warning',
        message:
          lease.holderLife === 'dead'
            ? `${lease.path} is held by ${lease.agent}, whose process is gone`
            : `${lease.path} is held by ${lease.agent}, whose lease ran out ${renderDuration(now - lease.expiresAt)} ago`,
        agents: [lease.agent],
        paths: [lease.path],
        since: lease.holderLife === 'dead' ? lease.acquiredAt : lease.expiresAt,
        evidence: [`token ${lease.token}`, `holder is ${lease.holderLife}`],
      }),
    ),
    ...snapshot.zones.flatMap(zoneFindings),
  ];
}

function zoneFindings({ zone, running, holders, evidence }: ObservedZoneUse): readonly Finding[] {
  const runners = [...new Set(running)];
  const others = holders.filter((holder) => !runners.some((runner) => isSameAgent(runner, holder)));
  if (running.length < 2 && (running.length === 0 || others.length === 0)) return [];
  const many =
    runners.length === 1
      ? `${runners[0] ?? ''} runs "${zone}" twice`
      : `${runners.join(' and ')} run "${zone}"`;
  const message =
    running.length > 1
      ? `${many} at the same time`
      : `${runners[0] ?? ''} runs "${zone}" while ${others.join(' and ')} holds op:${zone}`;
  const agents = [...runners, ...others];
  return [finding({ kind: 'ZONE_TWICE', key: zone, severity: 'error', message, agents, evidence })];
}
