import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { EXIT } from '#protocol';
import { openBook, type RunOptions } from '#runner';
import type { Call, Outcome } from '../shell/command.ts';
import { openRunHomeFor } from './run-home.ts';

/** Makes the run's record, and starts the very same command on it in a session of its own. */
export async function startInBackground(call: Call, options: RunOptions): Promise<Outcome> {
  const home = await openRunHomeFor(call);
  if (options.graph === undefined) throw new Error('a background run has its tasks chosen');
  const book = await openBook(home, options.graph, options);
  const { id } = book.run;
  const log = join(book.folder, 'runner.log');
  call.io.store.append(log, '');
  const [program = '', ...args] = process.argv.slice(1).filter((word) => word !== '--background');
  const words = options.runId === undefined ? [...args, '--run', id] : args;
  const redirect = 'exec "$@" >> "$0" 2>&1';
  const child = spawn('/bin/sh', ['-c', redirect, log, process.execPath, program, ...words], {
    cwd: call.io.cwd,
    env: call.io.env,
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  return {
    exitCode: EXIT.done,
    json: { run: id, pid: child.pid ?? null, log },
    text: `run ${id} goes on in the background\n  watch: squad-run status ${id}\n  end:   squad-run stop ${id}\n  log:   ${log}`,
  };
}
