import { printableLine } from '#protocol';
import type { ItemRecord } from '#runner';
import type { Call } from '../shell/command.ts';

/** Live progress on stderr: one line that is rewritten on a terminal, one line per change elsewhere. */
export interface Progress {
  readonly note: (item: ItemRecord) => void;
  readonly end: () => void;
}

/** Progress over so many items; silent with `--json` unless stderr is a terminal. */
export function createProgress(call: Call, total: number): Progress {
  const { stderr } = call.io;
  const states = new Map<string, string>();
  const isTerminal = stderr.isTTY === true;
  return {
    note(item) {
      if (states.get(item.key) === item.state) return;
      states.set(item.key, item.state);
      const count = (state: string): number => [...states.values()].filter((each) => each === state).length;
      const line = `${count('done')}/${total} done, ${count('failed')} failed, ${count('running')} running`;
      if (isTerminal) stderr.write(`\r\u001b[K${line}: ${printableLine(item.key, 50)} ${item.state}`);
      else if (!call.json)
        stderr.write(
          `${item.state.padEnd(7)} ${printableLine(item.key)}${item.reason === undefined || item.state !== 'failed' ? '' : `: ${printableLine(item.reason)}`}\n`,
        );
    },
    end() {
      if (isTerminal && states.size > 0) stderr.write('\r\u001b[K');
    },
  };
}
