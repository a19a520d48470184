import type { CompiledMatrix } from '#ownership';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { ShellAnalysis } from '../shell/analyse-shell.ts';
import type { ShellOperation } from '../shell/operations.ts';

/** What the command of a hook writes and runs. What reads shell commands is loaded here: edits are judged without it. */
export async function readCommand(
  ports: GuardPorts,
  { cwd }: HookRequest,
  command: string,
): Promise<ShellAnalysis> {
  const { analyseShell } = await import('../shell/read-shell.ts');
  return analyseShell(command, { cwd, home: ports.env['HOME'] });
}

/** Never-parallel operations of the repository among the commands that were read. */
export async function operationsIn(
  matrix: CompiledMatrix,
  { commands }: ShellAnalysis,
): Promise<readonly ShellOperation[]> {
  const { findOperations, zonesWith } = await import('../shell/read-shell.ts');
  return findOperations(commands, zonesWith(matrix.zones));
}
