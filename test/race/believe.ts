import type { Broke, History, Released } from './act.ts';
import { leaseWords, livesOf, type LeaseLife } from './lease-lives.ts';
import type { Universe } from './linearize.ts';

/**
 * Pairs of holders who at one instant both had reason to think that they hold: from the return of the take to the call of the
 * release, the process's death, or the end of the term. Needs no tokens, so it judges every kind of lock.
 */
export function overlapsIn(history: History, universe: Universe = {}): readonly string[] {
  const releases = new Map<string, Released>();
  for (const act of history.acts)
    if (act.kind === 'released') for (const name of act.asked) releases.set(leaseWords(name), act);
  const cutBreaks = history.acts.filter((act): act is Broke => act.kind === 'broke' && act.to === Infinity);
  const byPart = new Map<string, Span[]>();
  for (const life of livesOf(history).all) {
    const ends = endOf(life, releases.get(leaseWords(life)), history);
    // Who was killed while it broke a lease cannot say whether it did.
    const cut = cutBreaks.find(({ resource, from }) => resource === life.resource && from > life.grant.from);
    const span = { life, from: life.grant.to, to: Math.min(ends, cut?.from ?? Infinity) };
    for (const part of universe[life.resource] ?? [life.resource]) {
      const spans = byPart.get(part);
      if (spans === undefined) byPart.set(part, [span]);
      else spans.push(span);
    }
  }
  return [...byPart.values()].flatMap(overlapsOf);
}

interface Span {
  readonly life: LeaseLife;
  readonly from: number;
  readonly to: number;
}

function endOf(life: LeaseLife, release: Released | undefined, { deaths }: History): number {
  const ends = Math.max(...life.extents.map(({ from, ttlUs }) => from + ttlUs)) - 11_000;
  const left = [release?.from, life.end?.from, life.broken?.from, deaths.get(life.who)?.at];
  return Math.min(ends, ...left.map((instant) => instant ?? Infinity));
}

function overlapsOf(spans: readonly Span[]): string[] {
  const found: string[] = [];
  const longest = new Map<'exclusive' | 'shared', Span>();
  for (const next of spans.filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from)) {
    const rivals = (['exclusive', 'shared'] as const).map((mode) => longest.get(mode));
    for (const rival of rivals) {
      if (rival === undefined || (rival.life.mode === 'shared' && next.life.mode === 'shared')) continue;
      if (rival.life.agent !== next.life.agent && next.from < rival.to)
        found.push(`${rival.life.agent} and ${next.life.agent} both held ${leaseWords(next.life)}`);
    }
    const known = longest.get(next.life.mode);
    if (known === undefined || next.to > known.to) longest.set(next.life.mode, next);
  }
  return found;
}
