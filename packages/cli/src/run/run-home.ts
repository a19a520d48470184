import { openRunHome, type RunHome } from '#runner';
import type { Call } from '../shell/command.ts';

/** The repository that the call is made in, opened for runs with the call's own clock, store and ids. */
export function openRunHomeFor(call: Call): Promise<RunHome> {
  const { cwd, env, store, clock, newId } = call.io;
  return openRunHome({ cwd, env, ports: { store, clock, newId } });
}
