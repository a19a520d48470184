import { COORDINATOR_ID } from '#protocol';
import type { Action } from '../model/action.ts';
import { raiseId } from '../reconcile/raise.ts';
import type { PerformerPorts, Seen } from './perform.ts';

/** An action that the journal saw begin and not end. */
export interface BegunAction {
  readonly key: string;
  readonly kind: string;
  /** Of `raise-to-person`: what the person was to be told. */
  readonly message: string | undefined;
}

/**
 * Settles what a coordinator was killed in. What is still to be done is planned again and is not touched here. The rest is
 * journalled as interrupted, not as done; a person whose message stands is notified, because that may not have happened.
 */
export async function resume(
  ports: PerformerPorts,
  begun: readonly BegunAction[],
  { planned, seen }: { readonly planned: readonly Action[]; readonly seen: Seen },
): Promise<void> {
  const open = new Set(planned.map(({ key }) => key));
  for (const { key, kind, message } of begun.filter((each) => !open.has(each.key))) {
    const id = raiseId(key.slice(kind.length + 1));
    const isSaid = kind === 'raise-to-person' && seen.snapshot.raised.some((each) => each.id === id);
    if (isSaid && message !== undefined) await ports.notify?.(message);
    ports.journal.record({ kind: `action.${kind}.interrupted`, agent: COORDINATOR_ID, data: { key } });
  }
}
