import type { CompiledMatrix } from '#ownership';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { ShellAnalysis } from '../shell/analyse-shell.ts';
import type { ShellOperation } from '../shell/operations.ts';

/**
 * What the command of a hook writes and runs. What reads shell commands is loaded here: edits are judged without it; and what
 * reads patches, archives and the like only for commands that its text does not tell all of.
 */
export async function readCommand(
  ports: GuardPorts,
  { cwd }: HookRequest,
  command: string,
): Promise<ShellAnalysis> {
  const { analyseShell } = await import('../shell/read-shell.ts');
  const from = { cwd, home: ports.env['HOME'] };
  const analysis = analyseShell(command, from);
  if (!analysis.wantsLook) return analysis;
  const { openLook } = await import('../look/open-look.ts');
  return analyseShell(command, { ...from, look: openLook(ports.store) });
}

/** Never-parallel operations of the repository among the commands that were read. */
export async function operationsIn(
  matrix: CompiledMatrix,
  { commands }: ShellAnalysis,
): Promise<readonly ShellOperation[]> {
  const { findOperations, zonesWith } = await import('../shell/read-shell.ts');
  return findOperations(commands, zonesWith(matrix.zones));
}
