import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from '#protocol';
import { readRunner } from '#runner';
import type { Command } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { readDurationMs } from './settings.ts';
import { requireBook } from './status.ts';

/** `squad-run stop`. */
export const stopCommand: Command = {
  name: 'stop',
  summary: 'End a run: its agents are asked to end and waited for; their work is kept',
  positionals: '<run>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    wait: { kind: 'value', value: 'DURATION', summary: 'how long to wait for its end (default 30s)' },
  },
  examples: ['squad-run stop 01KABC…'],
  async action(call) {
    const { squadDir } = openSquad(call.io);
    const [id = ''] = call.positionals;
    const book = requireBook(call, squadDir, id);
    const life = (): string => readRunner(call.io.store, book)?.life ?? 'dead';
    const runner = readRunner(call.io.store, book);
    if (runner?.life !== 'alive')
      return { exitCode: EXIT.done, json: { run: id, stopped: false }, text: `run ${id} does not run` };
    process.kill(runner.identity.pid, 'SIGTERM');
    const waitMs = readDurationMs(call, 'wait', 30_000);
    for (let waited = 0; waited < waitMs && life() === 'alive'; waited += 100) await pause(100);
    if (life() !== 'alive')
      return {
        exitCode: EXIT.done,
        json: { run: id, stopped: true },
        text: `run ${id} has ended; go on with: squad-run --run ${id}`,
      };
    return {
      exitCode: EXIT.contention,
      json: { run: id, stopped: false },
      text: `run ${id} is asked to end; its agents have not ended yet`,
    };
  },
};
