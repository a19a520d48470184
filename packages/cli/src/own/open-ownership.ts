import { join, relative, sep } from 'node:path';
import { readOwnership, ownershipPath, type CompiledMatrix } from '#ownership';
import { parseAgentId, SquadError } from '#protocol';
import type { Locks } from '#lock';
import { openLocksFor } from '../lock/open-locks.ts';
import type { Call } from '../shell/command.ts';
import { noRepository } from '../shell/no-repository.ts';
import { whoAmI, type Squad } from '../shell/squad.ts';
import { readActors, type Actors } from './actors.ts';
import { typedFrom, type TypedPath } from './path-words.ts';

/** The matrix, the leases and who is who, of the repository the call is made in. */
export interface OwnershipDesk {
  readonly call: Call;
  readonly squad: Squad;
  readonly matrix: CompiledMatrix;
  /** As diagnostics name the matrix: relative to the repository. */
  readonly matrixPath: string;
  readonly locks: Locks;
  readonly actors: Actors;
  /** The agent that calls, if it is known. */
  readonly self: string | undefined;
  /** How the caller types a path, where it is. */
  readonly typed: (path: string) => TypedPath;
}

/** Opens them. An unreadable matrix is `INPUT_INVALID` with every problem. */
export async function openOwnership(call: Call): Promise<OwnershipDesk> {
  const { io } = call;
  const { squad, locks } = await openLocksFor(call);
  const matrix = await readOwnership(io.store, squad.squadDir);
  const self = selfOf(call);
  const matrixPath = relative(squad.mainRoot, ownershipPath(squad.squadDir)).split(sep).join('/');
  const actors = readActors(io.store, squad.squadDir, { matrix, self, env: io.env });
  const typed = typedFrom(io.store, io.cwd, squad.worktreeRoot);
  return { call, squad, matrix, matrixPath, locks, actors, self, typed };
}

// Reading needs no identity: without one the questions that need it are left out.
function selfOf(call: Call): string | undefined {
  const isNamed = call.value('agent') !== undefined || (call.io.env['AGENT_ID'] ?? '') !== '';
  if (isNamed) return whoAmI(call);
  return undefined;
}

/** The agent that calls; `AGENT_ID_MISSING` when it is not known. */
export function requireSelf(desk: OwnershipDesk): string {
  const id = desk.self ?? whoAmI(desk.call);
  const parsed = parseAgentId(id);
  if (parsed.ok) return parsed.value;
  throw new SquadError({ code: 'AGENT_ID_INVALID', message: parsed.error, hint: 'as in agent-1-frontend' });
}

/** The repository that commands about commits need; `NO_REPOSITORY` where there is none. */
export function requireGit(desk: OwnershipDesk): string {
  if (desk.squad.isGit) return desk.squad.worktreeRoot;
  throw noRepository(desk.call.io.store, desk.call.io.cwd);
}

/** Text of a file of the worktree. */
export function readWorkingFile(desk: OwnershipDesk, path: string): string | undefined {
  return desk.call.io.store.readText(join(desk.squad.worktreeRoot, path));
}
