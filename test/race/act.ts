import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A lease by what it is called in answers: one grant gives one token to everything it grants. */
export interface LeaseName {
  readonly resource: string;
  readonly token: number;
}

/** One thing that was asked for. */
export interface Want {
  readonly resource: string;
  readonly mode: 'exclusive' | 'shared';
}

/** Somebody in the way, as a refusal named it: `id` is the take that got it or waits for it. */
export interface Obstacle {
  readonly kind: 'lease' | 'ticket' | 'reserved';
  readonly resource: string;
  readonly agent: string;
  readonly id?: string;
}

interface Call {
  /** The process. */
  readonly who: string;
  readonly agent: string;
  /** Unique; also the purpose that was given to the lock. */
  readonly id: string;
  /** When it was called and when it returned, in microseconds of the monotonic clock; `Infinity` if it never did. */
  readonly from: number;
  readonly to: number;
}

/** What came of a take. */
export interface Taken extends Call {
  readonly kind: 'taken';
  readonly wants: readonly Want[];
  /** What was granted or re-entered. */
  readonly leases: readonly LeaseName[];
  readonly tookOver: readonly (LeaseName & { readonly why: string })[];
  readonly ttlUs: number;
  /** The lease named its process, so that its death can be proven. */
  readonly isBound: boolean;
  /** When the take was surely in the queue; absent if it did not wait. */
  readonly queuedAt?: number;
}

/** A refused take: one try, or a wait that ended in vain. */
export interface Refused extends Call {
  readonly kind: 'refused';
  readonly how: 'held' | 'timeout' | 'deadlock';
  readonly wants: readonly Want[];
  readonly obstacles: readonly Obstacle[];
}

/** A release; what had been lost before is missing. */
export interface Released extends Call {
  readonly kind: 'released';
  readonly asked: readonly LeaseName[];
  readonly released: readonly LeaseName[];
  readonly kept: readonly LeaseName[];
  /** For whom it stays reserved, and for how long. */
  readonly reservedFor?: string;
  readonly ttlUs: number;
}

/** A renewal of some leases; what had been lost before is missing. */
export interface Renewed extends Call {
  readonly kind: 'renewed';
  readonly asked: readonly LeaseName[];
  readonly renewed: readonly LeaseName[];
  readonly ttlUs: number;
}

/** What the table said to one who asked whether it still holds. */
export interface Verified extends Call {
  readonly kind: 'verified';
  readonly lease: LeaseName;
  readonly isValid: boolean;
}

/** A lease moved to another agent of the same process; nothing moved when it had been lost before. */
export interface Transferred extends Call {
  readonly kind: 'transferred';
  readonly asked: LeaseName;
  readonly moved?: LeaseName;
  readonly receiver: string;
  readonly ttlUs: number;
}

/** A lease ended by force. */
export interface Broke extends Call {
  readonly kind: 'broke';
  readonly resource: string;
  readonly broken: readonly LeaseName[];
}

export type Act = Taken | Refused | Released | Renewed | Verified | Transferred | Broke;

/** How a process ended: just before the signal, and when its end was seen. */
export interface Death {
  readonly at: number;
  readonly seenAt: number;
}

/** Everything the processes of a run wrote down. */
export interface History {
  readonly acts: readonly Act[];
  readonly deaths: ReadonlyMap<string, Death>;
  /** Steps of its wall clock that processes noticed. */
  readonly clockSteps: number;
}

/**
 * Reads the logs that the contenders left in a folder. Whoever ends a lease says so before the call, so a call that a
 * kill cut short is in the history too, as one that never returned.
 */
export function readHistory(folder: string, deaths: ReadonlyMap<string, Death>): History {
  const acts: Act[] = [];
  let clockSteps = 0;
  for (const file of readdirSync(folder)) {
    let begun: Act | undefined;
    for (const text of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const line = parseLine(text);
      if (line === undefined) continue;
      if (line.kind === 'clock') {
        clockSteps += 1;
        continue;
      }
      if (line.to < 0) begun = { ...line, to: Infinity };
      else {
        acts.push(line);
        if (begun?.id === line.id) begun = undefined;
      }
    }
    if (begun !== undefined) acts.push(begun);
  }
  return { acts, deaths, clockSteps };
}

// A line that announces a call has a negative `to`.
type Line = Act | { readonly kind: 'clock' };

// The last line of a process that was killed may be cut.
function parseLine(text: string): Line | undefined {
  if (!text.endsWith('}')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
