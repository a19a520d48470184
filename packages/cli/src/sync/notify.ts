import { runEvidence } from '../comms/run-evidence.ts';
import type { Call } from '../shell/command.ts';

const TIMEOUT_MS = 30_000;

/** Runs the person's command of the settings with the message in `SQUAD_MESSAGE`; what comes of it changes nothing. */
export async function notifyPerson(call: Call, command: string, message: string): Promise<void> {
  if (command.trim() === '') return;
  const { cwd, env, signal, stderr } = call.io;
  await runEvidence(command, {
    cwd,
    env: { ...env, SQUAD_MESSAGE: message },
    signal,
    timeoutMs: TIMEOUT_MS,
    output: stderr,
  });
}
