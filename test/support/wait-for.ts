import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with the first value that is not `undefined` or `false`; rejects, naming what was awaited, after `boundMs`. */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | false,
  boundMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + boundMs;
  for (;;) {
    const value = look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${boundMs} ms in vain for ${what}`);
    await pause(10);
  }
}
