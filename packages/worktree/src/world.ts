import type { Clock, IdSource } from '#protocol';
import type { SquadHome, Store } from '#store';
import type { WorktreeSettings } from './settings.ts';

/** Leases on named things, where others who lease them are met; the worktree's own files hold beyond their time. */
export interface ResourceLeases {
  /** `false` when somebody else holds it. */
  readonly take: (resource: string, worktree: string) => boolean;
  readonly free: (resource: string, worktree: string) => void;
}

/** What the worktree service works with. */
export interface WorktreeWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: IdSource;
  readonly home: SquadHome;
  readonly settings: WorktreeSettings;
  readonly leases?: ResourceLeases;
}
