import type { Clock, IdSource } from '#protocol';
import type { Store } from '#store';

/** What the guard reads of the world. */
export interface GuardPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: IdSource;
  readonly env: NodeJS.ProcessEnv;
}
