import { renderDuration } from '#protocol';
import { finding, type Finding } from '../model/finding.ts';
import type { Snapshot } from '../model/snapshot.ts';

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
    ...snapshot.zones
      .filter(({ agents }) => agents.length > 1)
      .map(({ zone, agents }) =>
        finding({
          kind: 'ZONE_TWICE',
          key: zone,
          severity: 'error',
          message: `${agents.join(' and ')} run "${zone}" at the same time`,
          agents,
        }),
      ),
  ];
}
