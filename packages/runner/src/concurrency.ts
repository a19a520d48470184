import { availableParallelism, totalmem } from 'node:os';

const MOST = 10;
const BYTES_PER_AGENT = 1.5 * 2 ** 30;

/** How many agents this machine runs well at once: two per core (they mostly wait for a model), 1.5 GB each, 1 to 10. */
export function defaultConcurrency(
  machine: { readonly cores: number; readonly bytes: number } = {
    cores: availableParallelism(),
    bytes: totalmem(),
  },
): number {
  return Math.max(1, Math.min(MOST, machine.cores * 2, Math.floor(machine.bytes / BYTES_PER_AGENT)));
}
