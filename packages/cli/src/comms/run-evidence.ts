import type { Output } from '../shell/output.ts';
import { spawn } from 'node:child_process';
import type { Evidence } from '#protocol';

/** How to run a command whose success is to be proven. */
export interface EvidenceRun {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Where the command's output goes. */
  readonly output: Output;
}

/**
 * Runs a shell command to its end and reports its exit code: 124 when it ran out of time, 128 + n when a signal
 * ended it. The command and its children are ended with it.
 */
export function runEvidence(command: string, run: EvidenceRun): Promise<Evidence> {
  const isGroup = process.platform !== 'win32';
  const child = spawn(command, {
    cwd: run.cwd,
    env: run.env,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: isGroup,
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => run.output.write(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => run.output.write(text));
  let hasTimedOut = false;
  const end = (): void => {
    if (child.pid !== undefined && isGroup) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    hasTimedOut = true;
    end();
  }, run.timeoutMs);
  run.signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve) => {
    const finish = (exitCode: number): void => {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', end);
      resolve({ command, exitCode: hasTimedOut ? 124 : exitCode });
    };
    child.on('error', () => finish(127));
    child.on('close', (code, signal) => finish(code ?? (signal === 'SIGKILL' ? 137 : 143)));
  });
}
