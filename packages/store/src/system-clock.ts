import { uptime } from 'node:os';
import type { Clock } from '#protocol';

/** The machine's clocks. `bootMs` is CLOCK_BOOTTIME through `os.uptime()`: 10 ms steps on Linux, counts suspend. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  bootMs: () => Math.round(uptime() * 1000),
};
