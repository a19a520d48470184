import type { Program } from './command.ts';
import { processIo } from './io.ts';
import { run } from './run.ts';

/** Runs a program as this process, and ends it: to wind up what nobody needs any more costs a fast program 3 % of its time. */
export async function main(program: Program): Promise<void> {
  const io = processIo();
  process.exitCode = await run(program, process.argv.slice(2), io);
  if (io.stdout.isBehind !== true && io.stderr.isBehind !== true) process.exit();
}
