import type { Action } from '../model/action.ts';
import type { Judgement } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Does actions and gives how many changed something. */
export type Performer = (
  actions: readonly Action[],
  seen: { readonly snapshot: Snapshot; readonly judgement: Judgement },
) => Promise<number>;
