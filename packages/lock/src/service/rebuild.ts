import { join } from 'node:path';
import { createLog } from '../log/create-log.ts';
import { stepError } from '../log/lock-error.ts';
import type { Desk } from './desk.ts';

/**
 * Sets a log that cannot be read aside and begins a new one: every lease ends, tokens go on rising from the mark that is kept
 * beside the log. Returns where the damaged log lies now.
 */
export function rebuild(
  desk: Desk,
  order: { readonly by: string; readonly reason: string },
): { readonly setAside: string } {
  const setAside = join(desk.place.views, `.damaged-${desk.ports.newId()}`);
  const step = { kind: 'rename', from: desk.place.log, to: setAside } as const;
  const answer = desk.world.perform(step);
  if (answer.code !== '' && answer.code !== 'ENOENT') throw stepError(step, answer);
  desk.run(createLog(desk.place));
  desk.ports.journal?.record({
    kind: 'lock.rebuilt',
    agent: order.by,
    data: { reason: order.reason, setAside },
  });
  return { setAside };
}
