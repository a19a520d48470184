import type { Io } from '../shell/io.ts';

/** Ctrl+C once asks the agents to end and waits for them; twice ends their process groups at once. */
export interface Interrupts {
  readonly signal: AbortSignal;
  readonly hardSignal: AbortSignal;
  readonly dismiss: () => void;
}

/** Watches for the user's wish to stop until dismissed. */
export function watchInterrupts(io: Io): Interrupts {
  const hard = new AbortController();
  const onSecond = (): void => hard.abort();
  const onFirst = (): void => {
    io.stderr.write('stopping: agents are asked to end; once more ends them at once\n');
    process.on('SIGINT', onSecond).on('SIGTERM', onSecond);
  };
  io.signal.addEventListener('abort', onFirst, { once: true });
  return {
    signal: io.signal,
    hardSignal: hard.signal,
    dismiss() {
      io.signal.removeEventListener('abort', onFirst);
      process.off('SIGINT', onSecond).off('SIGTERM', onSecond);
    },
  };
}
