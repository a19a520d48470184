import { DEFAULT_POLICY, type Action, type ActionKind, type Policy } from '../model/action.ts';
import type { JudgedAgent, JudgedTask } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { planCheckpoints } from './checkpoints.ts';
import { cycleKey, victimOf } from './find-in-waiting.ts';
import { planReassignments } from './plan-reassignments.ts';
import { raise } from './raise.ts';
import { planRebalancing } from './plan-rebalancing.ts';
import type { WaitingCycle } from './waiting-cycles.ts';

/** How far the coordinator goes, for each kind of action. */
export type ActionPolicy = Readonly<Record<ActionKind, Policy>>;

/** Everything that planning may look at. */
export interface Situation {
  readonly snapshot: Snapshot;
  readonly agents: readonly JudgedAgent[];
  readonly tasks: readonly JudgedTask[];
  readonly cycles: readonly WaitingCycle[];
}

/** Times the patience for a handoff after which its request is ended. */
const EXPIRE_FACTOR = 4;

/** The safe defaults with what the settings say; words that are no policy are left out. */
export function readPolicy(settings: Readonly<Record<string, string>>): ActionPolicy {
  const known = Object.entries(settings).filter(
    ([kind, policy]) => kind in DEFAULT_POLICY && ['report', 'suggest', 'act'].includes(policy),
  );
  return { ...DEFAULT_POLICY, ...Object.fromEntries(known) };
}

/** What is to be done. Never an action on a living agent, save the victim of a waiting cycle. */
export function planActions(situation: Situation, now: number, policy: ActionPolicy): readonly Action[] {
  return [
    ...releases(situation.snapshot, policy),
    ...cycleBreaks(situation, now, policy),
    ...expiries(situation.snapshot, now, policy),
    ...planReassignments(situation, now, policy),
    ...planRebalancing(situation, policy),
    ...planCheckpoints(situation, { now, policy }),
  ];
}

function releases({ leases }: Snapshot, policy: ActionPolicy): readonly Action[] {
  return leases
    .filter(({ isExpired, holderLife }) => isExpired || holderLife === 'dead')
    .map((lease) => ({
      kind: 'release-lease' as const,
      key: `release-lease:${lease.path}#${lease.token}`,
      policy: policy['release-lease'],
      path: lease.path,
      token: lease.token,
      agent: lease.agent,
      reason: lease.holderLife === 'dead' ? `the process of ${lease.agent} is gone` : 'the lease ran out',
      evidence: [
        `token ${lease.token}`,
        `holder is ${lease.holderLife}`,
        `expired: ${lease.isExpired ? 'yes' : 'no'}`,
      ],
      undo: `squad-lock acquire ${lease.path} --agent ${lease.agent}`,
    }));
}

function cycleBreaks({ cycles, snapshot }: Situation, now: number, policy: ActionPolicy): readonly Action[] {
  return cycles.flatMap((cycle): readonly Action[] => {
    const victim = victimOf(cycle);
    const evidence = cycle.map(({ why }) => why);
    if (victim === undefined) {
      const names = cycle.map(({ from }) => from);
      const message = `${names.join(', ')} wait for one another and no lease is part of it: tell one of them to go on`;
      return raise(snapshot, { subject: `cycle:${cycleKey(cycle)}`, message, evidence }, { now, policy });
    }
    // Words alone do not take a lease away from the living.
    const isProven = cycle.every((edge) => edge.isProven) || isDeadHolder(snapshot, victim.lease.token);
    const wanted = policy['break-cycle'];
    return [
      {
        kind: 'break-cycle',
        key: `break-cycle:${victim.lease.path}#${victim.lease.token}`,
        policy: isProven || wanted !== 'act' ? wanted : 'suggest',
        path: victim.lease.path,
        token: victim.lease.token,
        agent: victim.lease.agent,
        reason: `a waiting cycle; ${victim.why}`,
        evidence,
        undo: `squad-lock acquire ${victim.lease.path} --agent ${victim.lease.agent} --wait 10m`,
      },
    ];
  });
}

function isDeadHolder({ leases }: Snapshot, token: number): boolean {
  return leases.some((lease) => lease.token === token && lease.holderLife === 'dead');
}

function expiries(snapshot: Snapshot, now: number, policy: ActionPolicy): readonly Action[] {
  const limit = snapshot.patience.handoffMs * EXPIRE_FACTOR;
  return snapshot.handoffs
    .filter(
      ({ state, requestedAt }) =>
        state === 'requested' && requestedAt !== undefined && now - requestedAt > limit,
    )
    .map((handoff) => ({
      kind: 'expire-handoff' as const,
      key: `expire-handoff:${handoff.id}`,
      policy: policy['expire-handoff'],
      handoffId: handoff.id,
      reason: `${handoff.to} did not answer ${handoff.from} in time`,
      evidence: [`asked for ${handoff.files.join(', ')}`],
      undo: `${handoff.to} can still accept it: squad-comms accept ${handoff.id}`,
    }));
}
