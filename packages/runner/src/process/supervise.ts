import { spawn, type ChildProcess } from 'node:child_process';
import { Writable } from 'node:stream';
import { identifyProcess, type ProcessIdentity, type Store } from '#store';
import { createLineSplitter } from './line-splitter.ts';
import { endGroup } from './process-group.ts';

/** What to start and how long it may take. */
export interface ProcessSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** Handed to the process and closed; without it the process reads an empty input, never the terminal's. */
  readonly input?: string;
  readonly timeoutMs: number;
  /** Between asking a group to end and ending it. */
  readonly graceMs: number;
  /** Absolute; it and its folder are made before the start. Output is appended as it comes. */
  readonly logPath: string;
  /** Aborting it stops the process: gently, and after the grace time hard. */
  readonly signal?: AbortSignal;
  /** Aborting it ends the process at once. */
  readonly hardSignal?: AbortSignal;
  readonly onStart?: (identity: ProcessIdentity | undefined, pid: number) => void;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** How a process ended. `stopped` and `timeout` are our doing, `signalled` somebody else's. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not-started'; readonly message: string };

/**
 * Runs one process in a group of its own and resolves when it and everything it left in its group are gone.
 * Never rejects for what the process does. Groups are ended by their id, never by a name.
 */
export function supervise(spec: ProcessSpec, store: Store): Promise<ProcessEnd> {
  store.append(spec.logPath, '');
  if (spec.signal?.aborted === true || spec.hardSignal?.aborted === true)
    return Promise.resolve({ kind: 'stopped' });
  if (store.stat(spec.cwd)?.kind !== 'folder')
    return Promise.resolve({ kind: 'not-started', message: `there is no folder ${spec.cwd}` });
  return new Promise((resolve) => {
    const [file, ...args] = spec.onStart === undefined ? [spec.file, ...spec.args] : gated(spec);
    const child = spawn(file, args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: [
        spec.input === undefined ? 'ignore' : 'pipe',
        'pipe',
        'pipe',
        spec.onStart === undefined ? 'ignore' : 'pipe',
      ],
    });
    const flush = readOutput(child, spec, store);
    const guardian = watch(child, spec);
    child.once('error', (error) => {
      guardian.dismiss();
      resolve({ kind: 'not-started', message: error.message });
    });
    child.once('exit', (code, signal) => {
      guardian.dismiss();
      void finish(child, spec).then(() => {
        flush();
        return resolve(guardian.reason() ?? naturalEnd(code, signal));
      });
    });
    if (child.pid !== undefined) spec.onStart?.(identifyProcess(child.pid), child.pid);
    openGate(child);
    // A process that ends without reading its input closes the pipe; its exit tells the story.
    child.stdin?.on('error', () => {});
    child.stdin?.end(spec.input);
  });
}

// The program begins only once its process is on record: a line on descriptor 3 opens the gate. When the runner dies before,
// the descriptor closes, and nothing runs that nobody knows of. `exec` keeps the process's id and start time.
function gated({ file, args }: ProcessSpec): [string, ...string[]] {
  return ['/bin/sh', '-c', 'read -r go <&3 && exec "$@" 3<&-', 'gate', file, ...args];
}

function openGate(child: ChildProcess): void {
  const gate = child.stdio[3];
  if (!(gate instanceof Writable)) return;
  gate.on('error', () => {});
  gate.end('go\n');
}

function naturalEnd(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  return code === null ? { kind: 'signalled', signal: signal ?? 'SIGKILL' } : { kind: 'exited', code };
}

function readOutput(child: ChildProcess, spec: ProcessSpec, store: Store): () => void {
  const splitters = (['stdout', 'stderr'] as const).map((name) => {
    const splitter = createLineSplitter((line) => spec.onLine?.(line, name));
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      store.append(spec.logPath, text);
      splitter.push(text);
    });
    return splitter;
  });
  return () => splitters.forEach((splitter) => splitter.end());
}

interface Guardian {
  readonly reason: () => ProcessEnd | undefined;
  readonly dismiss: () => void;
}

// Ends the group when time is up or somebody asks; remembers which, because a gentle client exits 0 when stopped.
function watch(child: ChildProcess, spec: ProcessSpec): Guardian {
  let reason: ProcessEnd | undefined;
  const end = (why: ProcessEnd, graceMs: number): void => {
    reason ??= why;
    if (child.pid !== undefined) void endGroup(child.pid, graceMs);
  };
  const onStop = (): void => end({ kind: 'stopped' }, spec.graceMs);
  const onHard = (): void => end({ kind: 'stopped' }, 0);
  const timer = setTimeout(
    () => end({ kind: 'timeout' }, spec.graceMs),
    Math.min(spec.timeoutMs, 2 ** 31 - 1),
  );
  spec.signal?.addEventListener('abort', onStop, { once: true });
  spec.hardSignal?.addEventListener('abort', onHard, { once: true });
  return {
    reason: () => reason,
    dismiss() {
      clearTimeout(timer);
      spec.signal?.removeEventListener('abort', onStop);
      spec.hardSignal?.removeEventListener('abort', onHard);
    },
  };
}

// What the process left running in its group (a dev server, a watcher) ends with it. A descendant that left the group
// may hold the pipes for ever, so the wait for their end is bounded.
async function finish(child: ChildProcess, spec: ProcessSpec): Promise<void> {
  if (child.pid !== undefined) await endGroup(child.pid, spec.graceMs);
  if (child.stdout?.closed !== false && child.stderr?.closed !== false) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve();
    }, 1000);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
