import { SquadError } from '#protocol';
import type { LeaseKeeper } from '../leases.ts';

/** Does `work` as the one runner of a run; `RUN_BUSY` when another process is at it. */
export async function asOnlyRunner<T>(leases: LeaseKeeper, id: string, work: () => Promise<T>): Promise<T> {
  const agent = `runner-${id.slice(-8)}-${process.pid}`;
  const held = await leases.hold({ agent, resources: [`run:${id}`], purpose: `run ${id}` }, work);
  if (held.kind === 'done') return held.value;
  throw new SquadError({
    code: 'RUN_BUSY',
    message: `run ${id} is being worked on by ${held.by}`,
    hint: `watch it: squad-run status ${id}`,
  });
}
