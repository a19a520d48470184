import { setTimeout as pause } from 'node:timers/promises';
import { isSystemError, livenessOf, type ProcessIdentity } from '#store';

const POLL_MS = 25;

/**
 * Ends every process of a group: asks with SIGTERM, waits up to `graceMs`, then SIGKILL. Resolves when none is left,
 * or a second after the kill (an unkillable process waits on a device). Harmless when the group is gone.
 */
export async function endGroup(groupId: number, graceMs: number): Promise<void> {
  if (!signalGroup(groupId, 'SIGTERM')) return;
  for (let waited = 0; waited < graceMs; waited += POLL_MS) {
    await pause(POLL_MS);
    if (!signalGroup(groupId, 0)) return;
  }
  if (!signalGroup(groupId, 'SIGKILL')) return;
  for (let waited = 0; waited < 1000 && signalGroup(groupId, 0); waited += POLL_MS) await pause(POLL_MS);
}

/**
 * Ends the group that a process of an earlier run leads, if that very process (same boot, pid and start time) still
 * lives; `false` when it does not, because then the number may belong to somebody else.
 */
export async function endKnownGroup(leader: ProcessIdentity, graceMs: number): Promise<boolean> {
  if (livenessOf(leader) !== 'alive') return false;
  await endGroup(leader.pid, graceMs);
  return true;
}

// False when no process of the group is left. A zombie that nobody reaps still counts as a member; the bounds above hold.
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-groupId, signal);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ESRCH', 'EPERM')) return false;
    throw error;
  }
}
