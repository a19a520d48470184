import type { Clock, IdSource } from '#protocol';
import { createIdSource } from '#protocol';
import { createNodeStore, randomBytes, systemClock, type Store } from '#store';
import { descriptorOutput, type Output } from './output.ts';

/** What a program reads of and says to the world; tests hand in their own. */
export interface Io {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** The descriptor behind `stdin`, for programs that read it whole without opening a stream. */
  readonly stdinDescriptor?: number;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: IdSource;
  /** Aborted when the program is asked to stop (SIGINT, SIGTERM). */
  readonly signal: AbortSignal;
}

/** The process's own world. */
export function processIo(): Io {
  const store = createNodeStore();
  let controller: AbortController | undefined;
  return {
    cwd: process.cwd(),
    env: process.env,
    stdinDescriptor: 0,
    get stdin() {
      return process.stdin;
    },
    stdout: descriptorOutput(1),
    stderr: descriptorOutput(2),
    store,
    clock: systemClock,
    newId: createIdSource(() => Date.now(), randomBytes),
    // Listening for signals changes how the process dies, so it begins with the first look at the signal.
    get signal() {
      controller ??= abortedBySignals();
      return controller.signal;
    },
  };
}

function abortedBySignals(): AbortController {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return controller;
}
