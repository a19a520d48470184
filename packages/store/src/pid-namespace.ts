import { readlinkSync } from 'node:fs';
import { isSystemError } from './store.ts';

// PROC_PID_INIT_INO and PROC_TIME_INIT_INO of the kernel.
const FIRST_PIDS = 'pid:[4026531836]';
const FIRST_TIME = 'time:[4026531834]';

/** Stands for a namespace that cannot be told: it is not even the same as itself. */
export const UNKNOWN_NAMESPACE = 'unknown';

let own: { readonly namespace: string | undefined } | undefined;

/**
 * The namespace that this process's pids belong to: nothing for the machine's first one (and where there are none), else its
 * number. A sandbox or container shares host name and boot with its machine, but its pids mean other processes.
 */
export function pidNamespace(): string | undefined {
  own ??= { namespace: readPidNamespace() };
  return own.namespace;
}

function readPidNamespace(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  // A /proc that was mounted in another namespace tells of other processes than our pids mean.
  if (linkOf('/proc/self') !== String(process.pid)) return UNKNOWN_NAMESPACE;
  const link = linkOf('/proc/self/ns/pid');
  return link === 'none' || link === FIRST_PIDS ? undefined : link.replace(/^pid:\[(\d+)\]$/u, '$1');
}

/** Whether this process's clocks since boot are those of the machine: a time namespace shifts them. */
export function hasMachineClock(): boolean {
  const link = linkOf('/proc/self/ns/time');
  return link === 'none' || link === FIRST_TIME;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 'none'; // a kernel without such namespaces
    if (isSystemError(error)) return UNKNOWN_NAMESPACE;
    throw error;
  }
}
