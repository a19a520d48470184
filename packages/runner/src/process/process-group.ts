import { setTimeout as pause } from 'node:timers/promises';
import { isGroupAlive, isSystemError, livenessOf, type ProcessIdentity } from '#store';

const POLL_MS = 25;

/**
 * Ends every process of a group: asks with SIGTERM, waits up to `graceMs`, then SIGKILL. Resolves when none is left,
 * or a second after the kill (an unkillable process waits on a device). Harmless when the group is gone.
 */
export async function endGroup(groupId: number, graceMs: number): Promise<void> {
  if (!signalGroup(groupId, 'SIGTERM') || (await isGone(groupId, graceMs))) return;
  if (signalGroup(groupId, 'SIGKILL')) await isGone(groupId, 1000);
}

async function isGone(groupId: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += POLL_MS) {
    await pause(POLL_MS);
    if (!(isGroupAlive(groupId) ?? signalGroup(groupId, 0))) return true;
  }
  return false;
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

// False when no process of the group is left, zombies among them.
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-groupId, signal);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ESRCH', 'EPERM')) return false;
    throw error;
  }
}
