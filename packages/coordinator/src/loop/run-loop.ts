import type { Tick } from './coordinator.ts';
import { watchSquad } from './watch-folder.ts';

/** How a loop runs. */
export interface LoopOptions {
  readonly squadDir: string;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  readonly tick: (hints: number) => Promise<Tick>;
  readonly onTick: (tick: Tick) => void;
  /** Asked before each tick; false ends the loop. */
  readonly mayGoOn: () => boolean;
}

// Several events of one change come together; a tick for each would be waste.
const SETTLE_MS = 50;

/** Ticks at every hint and at least once in each interval, until told to stop; gives `lost` when it may not go on. */
export async function runLoop(options: LoopOptions): Promise<'stopped' | 'lost'> {
  let wake: (() => void) | undefined;
  let isHinted = false;
  const watch = watchSquad(options.squadDir, () => {
    isHinted = true;
    wake?.();
  });
  const { signal } = options;
  const stop = (): void => wake?.();
  signal.addEventListener('abort', stop);
  const pause = (ms: number, untilHint: boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      }
      wake = () => {
        if (untilHint || signal.aborted) done();
      };
      if ((untilHint && isHinted) || signal.aborted) done();
    });
  try {
    while (!signal.aborted) {
      if (!options.mayGoOn()) return 'lost';
      isHinted = false;
      options.onTick(await options.tick(watch.takeCount()));
      await pause(options.intervalMs, true);
      await pause(SETTLE_MS, false);
    }
    return 'stopped';
  } finally {
    signal.removeEventListener('abort', stop);
    await watch.close();
  }
}
