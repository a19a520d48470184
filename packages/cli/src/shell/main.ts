import type { Program } from './command.ts';
import { processIo } from './io.ts';
import { run } from './run.ts';

/** Runs a program as this process. */
export async function main(program: Program): Promise<void> {
  process.exitCode = await run(program, process.argv.slice(2), processIo());
  process.exit();
}
