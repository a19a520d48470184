import { readFileSync } from 'node:fs';

/** What a live process runs, as `/proc` shows it. */
export interface RunningCommand {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
  /** The `AGENT_ID` that it was started with. */
  readonly agent: string | undefined;
}

/** The command of a process of this user; `undefined` when it ended, is another user's, or `/proc` does not tell. */
export function runningCommand(pid: number): RunningCommand | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    if (state === 'Z' || words.length === 0) return undefined;
    const entry = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .find((each) => each.startsWith('AGENT_ID='));
    const agent = entry?.slice('AGENT_ID='.length);
    return { pid, parent: Number(parent), words, agent: agent === '' ? undefined : agent };
  } catch {
    return undefined;
  }
}
