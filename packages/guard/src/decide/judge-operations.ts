import type { HeldLease, Locks } from '#lock';
import { pasteableWord, renderInstant } from '#protocol';
import type { ShellOperation } from '../shell/operations.ts';
import { obstacleWords } from '../words.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { Finding } from './finding.ts';
import type { Lessee } from './lease-files.ts';
import { toldLine } from '../told-line.ts';

const OPERATION_TTL_MS = 10 * 60_000;

/** Beginning of the purpose of an operation's lease that the guard took for one command. */
export const OPERATION_PURPOSE = 'shell command: ';

/**
 * Takes the lock of each operation for the length of the command (given back after the tool), unless the agent holds it
 * already. With `canRelease` false, because the client never says when a command ends, it only looks who holds it.
 */
export function takeOperations(
  locks: Locks,
  lessee: Lessee,
  how: { readonly operations: readonly ShellOperation[]; readonly canRelease: boolean },
): readonly Finding[] {
  const { operations, canRelease } = how;
  const findings: Finding[] = [];
  for (const operation of operations) {
    const resource = `op:${operation.zone}`;
    const own = ownLease(locks, lessee, resource);
    if (own !== undefined) {
      if (isElsewhere(own, lessee)) findings.push(runningElsewhere(operation, own));
      continue;
    }
    const obstacles = canRelease
      ? acquire(locks, lessee, operation)
      : locks.conflictsOf({ agent: lessee.agent, resources: [resource] });
    findings.push(
      ...obstacles.slice(0, 1).map((obstacle) => heldOperation(operation, obstacleWords(obstacle), lessee)),
      ...(canRelease && obstacles.length === 0 ? yieldToFirst(locks, lessee, operation) : []),
    );
  }
  return findings;
}

/** As whom a hook call takes operations: each sub-agent for itself, because two of them may run commands at once. */
export function operationSession({
  sessionId,
  subAgent,
}: Pick<HookRequest, 'sessionId' | 'subAgent'>): string | undefined {
  return sessionId === undefined || subAgent === undefined ? sessionId : `${sessionId}/${subAgent}`;
}

/** Gives back every operation that the guard took for a command of one of the sessions that are meant. */
export function releaseOperations(
  locks: Locks,
  of: { readonly agent: string; readonly isMeant: (session: string) => boolean },
): void {
  const taken = locks
    .table()
    .leases.filter(
      ({ agent, purpose, sessions }) =>
        agent === of.agent && isForCommand(purpose) && (sessions.length === 0 || sessions.some(of.isMeant)),
    );
  if (taken.length > 0)
    locks.release({ agent: of.agent, resources: taken.map(({ resource }) => resource), wholly: true });
}

function isForCommand(purpose: string | undefined): boolean {
  return purpose?.startsWith(OPERATION_PURPOSE) === true;
}

function ownLease(locks: Locks, { agent }: Lessee, resource: string): HeldLease | undefined {
  return locks.leasesOn(resource).find((lease) => lease.agent === agent && !lease.reserved);
}

// Taken by the guard for a command of another session or sub-agent of the same agent: that command may still run.
function isElsewhere({ purpose, sessions }: HeldLease, { session }: Lessee): boolean {
  return isForCommand(purpose) && session !== undefined && sessions.length > 0 && sessions[0] !== session;
}

// Of two sub-agents that asked at the same moment both were let in: the later one steps back.
function yieldToFirst(locks: Locks, lessee: Lessee, operation: ShellOperation): readonly Finding[] {
  const resource = `op:${operation.zone}`;
  const own = ownLease(locks, lessee, resource);
  if (own === undefined || !isElsewhere(own, lessee)) return [];
  const { agent, session } = lessee;
  locks.release({ agent, resources: [resource], ...(session === undefined ? {} : { session }) });
  return [runningElsewhere(operation, own)];
}

function runningElsewhere(operation: ShellOperation, { acquiredAt, purpose = '' }: HeldLease): Finding {
  const running = toldLine(purpose.slice(OPERATION_PURPOSE.length), 60);
  return {
    subject: `op:${operation.zone}`,
    code: 'operation-held',
    mode: 'block',
    why: `(${operation.command} never runs twice at a time) another session or sub-agent of yours runs ${running} since ${renderInstant(acquiredAt)}`,
    next: ['wait until that command is done, then run this one again'],
  };
}

function acquire(locks: Locks, lessee: Lessee, operation: ShellOperation): ReturnType<Locks['conflictsOf']> {
  const outcome = locks.acquire({
    agent: lessee.agent,
    resources: [{ name: `op:${operation.zone}` }],
    ttlMs: OPERATION_TTL_MS,
    purpose: `${OPERATION_PURPOSE}${operation.command}`,
    ...(lessee.session === undefined ? {} : { session: lessee.session }),
    ...(lessee.holder === undefined ? {} : { holder: lessee.holder }),
  });
  return outcome.kind === 'held' ? outcome.holders : [];
}

function heldOperation(operation: ShellOperation, words: string, { agent }: Lessee): Finding {
  return {
    subject: `op:${operation.zone}`,
    code: 'operation-held',
    mode: 'block',
    why: `(${operation.command} never runs twice at a time) ${words}`,
    next: [
      `run it when it is free: squad-lock run op:${pasteableWord(operation.zone)} --wait 2m --agent ${agent} -- <your command>`,
    ],
  };
}
