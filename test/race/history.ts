import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One acquisition as its process experienced it; instants in microseconds of the monotonic clock. */
export interface Hold {
  readonly who: string;
  readonly resource: string;
  readonly token: number;
  /** The acquire was called and returned. */
  readonly askedAt: number;
  readonly gotAt: number;
  /** Beyond this instant the process knew that its lease was over. */
  readonly endsAt: number;
  /** The release was called and returned; absent when the process died first. */
  readonly releasingAt?: number;
  readonly releasedAt?: number;
  readonly outcome?: 'released' | 'lost';
}

/** An attempt that was refused. */
export interface Refusal {
  readonly who: string;
  readonly resource: string;
  readonly askedAt: number;
  readonly at: number;
}

/** Everything the processes of a run wrote down. */
export interface History {
  readonly holds: readonly Hold[];
  readonly refusals: readonly Refusal[];
  /** When each process that was killed was still alive for the last time: just before the signal. */
  readonly deaths: ReadonlyMap<string, number>;
}

interface Line {
  readonly w: string;
  readonly k: string;
  readonly r: string;
  readonly o: number;
  readonly t: number;
  readonly from: number;
  readonly token: number;
  readonly ends: number;
  readonly how: 'released' | 'lost';
}

/** Reads the logs that the workers left in a folder. */
export function readHistory(folder: string, deaths: ReadonlyMap<string, number>): History {
  const holds: Hold[] = [];
  const refusals: Refusal[] = [];
  for (const file of readdirSync(folder)) {
    const open = new Map<number, Hold>();
    for (const text of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (text === '') continue;
      let line: Line;
      try {
        line = JSON.parse(text) as Line;
      } catch {
        continue;
      }
      if (line.k === 'refused')
        refusals.push({ who: line.w, resource: line.r, askedAt: line.from, at: line.t });
      if (line.k === 'got')
        open.set(line.o, {
          who: line.w,
          resource: line.r,
          token: line.token,
          askedAt: line.from,
          gotAt: line.t,
          endsAt: line.ends,
        });
      const hold = open.get(line.o);
      if (hold === undefined) continue;
      if (line.k === 'releasing') open.set(line.o, { ...hold, releasingAt: line.t });
      if (line.k === 'released') {
        holds.push({ ...hold, releasedAt: line.t, outcome: line.how });
        open.delete(line.o);
      }
    }
    holds.push(...open.values());
  }
  return { holds, refusals, deaths };
}

/** What is wrong with a history. */
export interface Verdict {
  readonly overlaps: readonly string[];
  readonly disorder: readonly string[];
  readonly lost: readonly string[];
  readonly malformed: readonly string[];
}

/**
 * Checks a history against the sequential lock: one holder at a time, grants in the order of their tokens. For each
 * resource the tokens give the only possible order of the grants, so it is linearizable exactly if instants can be
 * chosen, greedily and as early as possible, one within each call and each after the hold before it could end
 * (Wing and Gong, 1993, with the order known). Kinds of lock without tokens are checked for overlap alone.
 */
export function checkHistory(history: History, hasTokens: boolean): Verdict {
  const byResource = new Map<string, Hold[]>();
  for (const hold of history.holds) {
    const known = byResource.get(hold.resource);
    if (known === undefined) byResource.set(hold.resource, [hold]);
    else known.push(hold);
  }
  const verdict = {
    overlaps: [] as string[],
    disorder: [] as string[],
    lost: [] as string[],
    malformed: [] as string[],
  };
  for (const [resource, holds] of byResource) {
    verdict.overlaps.push(...overlapsOf(holds, history.deaths));
    if (!hasTokens) continue;
    verdict.malformed.push(...malformedOf(resource, holds));
    verdict.disorder.push(...disorderOf(holds, history.deaths));
    verdict.lost.push(
      ...holds
        .filter(
          (hold) => hold.outcome === 'lost' && hold.releasedAt !== undefined && hold.releasedAt < hold.endsAt,
        )
        .map((hold) => `${hold.who} lost ${resource} (token ${hold.token}) before its time`),
    );
  }
  return verdict;
}

// While a process acts as holder: from the return of its acquire to the call of its release, its death, or its TTL.
function beliefOf(hold: Hold, deaths: History['deaths']): readonly [number, number] {
  return [hold.gotAt, Math.min(hold.releasingAt ?? Infinity, hold.endsAt, deaths.get(hold.who) ?? Infinity)];
}

function overlapsOf(holds: readonly Hold[], deaths: History['deaths']): string[] {
  const beliefs = holds
    .map((hold) => ({ hold, span: beliefOf(hold, deaths) }))
    .filter(({ span }) => span[0] < span[1])
    .sort((a, b) => a.span[0] - b.span[0]);
  const found: string[] = [];
  let last = beliefs[0];
  for (const next of beliefs.slice(1)) {
    if (last !== undefined && next.hold.who !== last.hold.who && next.span[0] < last.span[1])
      found.push(
        `${last.hold.who} and ${next.hold.who} both held ${next.hold.resource} (tokens ${last.hold.token}, ${next.hold.token})`,
      );
    if (last === undefined || next.span[1] > last.span[1]) last = next;
  }
  return found;
}

function malformedOf(resource: string, holds: readonly Hold[]): string[] {
  const seen = new Set<number>();
  return holds.flatMap(({ token, who }) => {
    const isFine = Number.isSafeInteger(token) && token > 0 && !seen.has(token);
    seen.add(token);
    return isFine ? [] : [`${who} was given token ${token} of ${resource}`];
  });
}

function disorderOf(holds: readonly Hold[], deaths: History['deaths']): string[] {
  const order = holds.toSorted((a, b) => a.token - b.token);
  const found: string[] = [];
  let free = -Infinity;
  for (const hold of order) {
    const granted = Math.max(hold.askedAt, free);
    if (granted > hold.gotAt)
      found.push(`token ${hold.token} of ${hold.resource} was given to ${hold.who} out of order`);
    free = Math.max(granted, earliestEnd(hold, deaths));
  }
  return found;
}

// The earliest instant at which the hold can have ended: when its release was called, at its death, or by its TTL.
function earliestEnd(hold: Hold, deaths: History['deaths']): number {
  return Math.min(hold.releasingAt ?? Infinity, hold.endsAt, deaths.get(hold.who) ?? Infinity);
}
