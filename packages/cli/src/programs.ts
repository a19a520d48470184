import type { Program } from './shell/command.ts';

/** Every program, by its verb, loaded when called. */
export const PROGRAMS: Readonly<Record<string, () => Promise<Program>>> = {
  allocate: async () => (await import('./allocate/program.ts')).allocateProgram,
  comms: async () => (await import('./comms/program.ts')).commsProgram,
  doctor: async () => (await import('./doctor/program.ts')).doctorProgram,
  guard: async () => (await import('./guard/program.ts')).guardProgram,
  init: async () => (await import('./init/program.ts')).initProgram,
  lock: async () => (await import('./lock/program.ts')).lockProgram,
  mcp: async () => (await import('./mcp/program.ts')).mcpProgram,
  merge: async () => (await import('./merge/program.ts')).mergeProgram,
  own: async () => (await import('./own/program.ts')).ownProgram,
  run: async () => (await import('./run/program.ts')).runProgram,
  sync: async () => (await import('./sync/program.ts')).syncProgram,
  task: async () => (await import('./task/program.ts')).taskProgram,
  worktree: async () => (await import('./worktree/program.ts')).worktreeProgram,
};
