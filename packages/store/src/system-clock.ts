import { openSync, readSync } from 'node:fs';
import type { Clock } from '#protocol';

/** The machine's clocks. `bootMs` is CLOCK_BOOTTIME as `os.uptime()` tells it: 10 ms steps on Linux, counts suspend. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  bootMs: () => Math.round((kernelUptime() ?? process.getBuiltinModule('node:os').uptime()) * 1000),
};

// Kept open: a lock asks for the time at every step, and `node:os` would open this file each time, once it were loaded.
let descriptor: number | undefined;
let buffer: Buffer | undefined;

function kernelUptime(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    descriptor ??= openSync('/proc/uptime', 'r');
    buffer ??= Buffer.allocUnsafeSlow(64);
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    const seconds = Number.parseFloat(buffer.toString(undefined, 0, length));
    return Number.isFinite(seconds) ? seconds : undefined;
  } catch {
    return undefined;
  }
}
