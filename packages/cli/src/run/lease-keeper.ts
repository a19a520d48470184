import type { LeaseKeeper } from '#runner';
import type { Call } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';

/** Leases held in the name of an agent while its work runs. */
export function openLeaseKeeper(_call: Call, _squad: Squad, _agent: string): LeaseKeeper {
  return { hold: async (_paths, _purpose, work) => ({ kind: 'done', value: await work() }) };
}
