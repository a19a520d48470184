import type { LeaseKeeper } from '#runner';
import type { Call } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';

/** Leases held in the name of an agent while its work runs. */
export function openLeaseKeeper(_call: Call, _squad: Squad): LeaseKeeper {
  return { hold: async (_wish, work) => ({ kind: 'done', value: await work() }) };
}
