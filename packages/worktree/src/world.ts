import type { Clock, IdSource } from '#protocol';
import type { SquadHome, Store } from '#store';
import type { WorktreeSettings } from './settings.ts';

/** What the worktree service works with. */
export interface WorktreeWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: IdSource;
  readonly home: SquadHome;
  readonly settings: WorktreeSettings;
}
