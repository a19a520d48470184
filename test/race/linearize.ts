import type { Act, History, LeaseName, Obstacle, Refused } from './act.ts';
import {
  leaseWords,
  livesOf,
  type LeaseLife,
  type Lives,
  type Point,
  type Rule,
  type Violation,
} from './lease-lives.ts';
import { impossibleInstants } from './instants.ts';

/** What each resource consists of: two resources overlap if they share a part. Known here apart from the program. */
export type Universe = Readonly<Record<string, readonly string[]>>;

// A lease is measured by a clock of 10 ms steps that is read once for its beginning and once for its end.
const TICK_US = 11_000;

/**
 * Whether a history is linearizable against the sequential lock: shared and exclusive leases of overlapping resources,
 * tokens, re-entrance, renewal, transfer, reservation, expiry, death and force. Tokens say in which order the grants
 * happened, and every answer names the leases it is about; so each rule is "this point before that one", nothing is left to
 * be guessed, and an order exists exactly if instants can be given, as early as possible, one within each call
 * (Gibbons and Korach, 1997: with the order of writes known, testing is easy).
 */
export function checkHistory(history: History, universe: Universe = {}): readonly Violation[] {
  const lives = livesOf(history);
  const check = new Check(history, lives, universe);
  for (const act of history.acts) check.relate(act);
  check.relateGrants();
  check.closeLives();
  return [
    ...lives.violations,
    ...check.violations,
    ...impossibleInstants([...lives.points.values(), ...check.ends]),
  ];
}

/** States what must come before what. */
class Check {
  readonly violations: Violation[] = [];
  readonly ends: Point[] = [];
  readonly #history: History;
  readonly #lives: Lives;
  readonly #universe: Universe;
  readonly #ends = new Map<LeaseLife, Point>();
  readonly #byTaker = new Map<string, LeaseLife[]>();
  readonly #takers: ReadonlyMap<string, Act>;
  readonly #unfinished: readonly Act[];

  constructor(history: History, lives: Lives, universe: Universe) {
    this.#history = history;
    this.#lives = lives;
    this.#universe = universe;
    this.#takers = new Map(history.acts.map((act) => [act.id, act]));
    this.#unfinished = history.acts.filter(({ to }) => to === Infinity);
    for (const act of history.acts) {
      if (act.kind !== 'taken') continue;
      const taken = act.leases.flatMap((name) => lives.of(name) ?? []);
      this.#byTaker.set(act.id, taken);
    }
    this.#settleReservations();
  }

  relate(act: Act): void {
    if (act.kind === 'taken') for (const name of act.tookOver) this.#relateTakeover(act, name);
    if (act.kind === 'refused') this.#relateRefusal(act);
    for (const name of missingOf(act)) {
      const life = this.#lives.of(name);
      if (life !== undefined) this.#before(this.#endOf(life), this.#point(act), 'lost');
    }
    for (const name of aliveIn(act)) {
      const life = this.#lives.of(name);
      if (life !== undefined) this.#mustLive(life, act, act.from);
    }
  }

  /** Grants come in the order of their tokens, each after the end of every lease that it conflicts with. */
  relateGrants(): void {
    const open = new Map<string, LeaseLife[]>();
    let last: LeaseLife | undefined;
    for (const life of this.#lives.all.toSorted((a, b) => a.token - b.token)) {
      if (last !== undefined && last.grant !== life.grant) {
        this.#before(last.grant, life.grant, 'order');
        if (last.token === life.token) this.#violate('malformed', `two grants have token ${life.token}`);
      }
      last = life;
      for (const part of this.#partsOf(life.resource)) {
        const rivals = (open.get(part) ?? []).filter((other) => conflict(other, life));
        for (const rival of rivals) this.#before(this.#endOf(rival), life.grant, 'overlap');
        // What ends before this grant ends before every later one.
        const others = (open.get(part) ?? []).filter(
          (other) => !rivals.includes(other) && (other.end?.to ?? Infinity) > life.grant.from,
        );
        open.set(part, [...others, life]);
      }
      for (const use of life.uses) this.#before(life.grant, use, 'order');
      this.#endOf(life);
    }
  }

  #relateTakeover(act: Act, { why, ...name }: LeaseName & { readonly why: string }): void {
    const life = this.#lives.of(name);
    if (life === undefined) return;
    const death = this.#history.deaths.get(life.who);
    const from = why === 'dead' ? (life.isBound ? (death?.at ?? Infinity) : Infinity) : expiryOf(life);
    const words = `${leaseWords(name)} of ${life.agent} could be taken as ${why}`;
    const excuse: Point = { from, to: Infinity, words, after: [] };
    this.ends.push(excuse);
    // Whoever broke it has its own word in the history.
    if (why !== 'broken') this.#before(excuse, this.#point(act), 'lost');
    this.#before(this.#endOf(life), this.#point(act), 'lost');
  }

  #relateRefusal(act: Refused): void {
    if (act.how === 'deadlock') return;
    // A wait may end at the instant at which nobody is in the way.
    if (act.obstacles.length === 0 && act.how === 'held')
      this.#violate('stale', `${act.id} was refused for no reason`);
    for (const obstacle of act.obstacles) {
      const isInTheWay = act.wants.some((want) => this.#overlaps(want.resource, obstacle.resource));
      if (obstacle.kind !== 'ticket' && (!isInTheWay || obstacle.agent === act.agent))
        this.#violate(
          'stale',
          `${act.id} was refused because of ${obstacle.resource}, which is not in its way`,
        );
      if (obstacle.id !== undefined) this.#relateObstacle(act, obstacle, obstacle.id);
    }
  }

  #relateObstacle(act: Refused, obstacle: Obstacle, id: string): void {
    const taker = this.#takers.get(id);
    const death = this.#history.deaths.get(id.split('#')[0] ?? '');
    // The ticket of a process that died is skipped, and told as a dead one's, until somebody has a reason to remove it.
    // A waiter that slept may have been served and lost it again without ever knowing.
    if (taker !== undefined && isWait(taker) && act.from <= taker.to && taker.from <= act.to) return;
    if (obstacle.kind === 'ticket') {
      const [from, to] = [taker?.from ?? 0, taker?.to ?? (death === undefined ? -1 : Infinity)];
      if (act.to < from || act.from > to)
        this.#violate('stale', `${act.id} waited behind ${id}, which did not wait`);
      return;
    }
    const life = this.#lifeBehind(id, obstacle);
    if (life === undefined) {
      // A grant that nobody wrote down must be the last deed of a process that was killed.
      if (death === undefined)
        this.#violate('stale', `${act.id} was refused because of ${id}, which holds nothing`);
      return;
    }
    if (taker !== undefined) this.#before(this.#point(taker), this.#point(act), 'stale');
    this.#before(life.grant, this.#point(act), 'stale');
    life.uses.push(this.#point(act));
    this.#mustLive(life, act, act.from);
    if (life.isBound && life.reservation === undefined && death !== undefined && act.from > death.seenAt)
      this.#violate('stale', `${act.id} was refused because of ${id}, whose process is gone`);
  }

  // After a transfer the purpose stays and the agent is another.
  #lifeBehind(id: string, { resource, agent }: Obstacle): LeaseLife | undefined {
    const taken = this.#byTaker.get(id)?.find((life) => life.resource === resource);
    if (taken === undefined || taken.agent === agent) return taken;
    const transfer = this.#history.acts.find(
      (act) =>
        act.kind === 'transferred' && act.moved?.resource === resource && act.asked.token === taken.token,
    );
    return transfer?.kind === 'transferred' && transfer.moved !== undefined
      ? this.#lives.of(transfer.moved)
      : undefined;
  }

  #mustLive(life: LeaseLife, act: Act, at: number): void {
    const death = this.#history.deaths.get(life.who);
    const before = life.extents.filter((extent) => extent !== act && extent.from <= act.to);
    const ends = before.map(({ to, ttlUs }) => to + ttlUs);
    const longest = Math.max(0, ...life.extents.map(({ ttlUs }) => ttlUs));
    // The last renewal of a process that was killed may have gone unrecorded.
    const latest = Math.max(
      ...ends,
      (death?.at ?? -Infinity) + longest,
      (life.reservation?.to ?? -Infinity) + longest,
    );
    if (at > latest + TICK_US)
      this.#violate('stale', `${act.id} found ${leaseWords(life)} in force after its end`);
  }

  // The receiver's own take ends what was kept for it, if it was kept as long as that.
  #settleReservations(): void {
    for (const life of this.#lives.all) {
      const { reservation } = life;
      if (reservation === undefined || life.end !== undefined || life.broken !== undefined) continue;
      const heir = this.#lives.all.find(
        (other) =>
          other.agent === reservation.reservedFor &&
          other.resource === life.resource &&
          other.token > life.token,
      );
      if (heir !== undefined && heir.grant.from < expiryOf(life)) life.end = heir.grant;
    }
  }

  #endOf(life: LeaseLife): Point {
    const known = this.#ends.get(life);
    if (known !== undefined) return known;
    const end = life.end ?? this.#unseenEnd(life);
    this.#ends.set(life, end);
    if (life.broken !== undefined) this.#before(end, life.broken, 'stale');
    return end;
  }

  #unseenEnd(life: LeaseLife): Point {
    const death = this.#history.deaths.get(life.who);
    // An heir that was killed may have taken what was kept for it, and written nothing down.
    const isFreedByDeath = life.isBound || life.reservation !== undefined;
    const cutShort = this.#unfinished.filter((act) => mayEnd(act, life)).map(({ from }) => from);
    const died = isFreedByDeath ? (death?.at ?? Infinity) : Infinity;
    const unforced = Math.min(expiryOf(life), died, ...cutShort);
    const { broken } = life;
    if (broken !== undefined && broken.to < unforced) return broken;
    const from = Math.min(unforced, broken?.from ?? Infinity);
    const end: Point = {
      from,
      to: Infinity,
      words: `the end of ${leaseWords(life)} of ${life.agent}`,
      after: [],
    };
    this.ends.push(end);
    return end;
  }

  /** Everything that used a lease was before its end; stated last, when every use is known. */
  closeLives(): void {
    for (const [life, end] of this.#ends)
      for (const use of life.uses) if (use !== end) this.#before(use, end, 'stale');
  }

  #partsOf(resource: string): readonly string[] {
    return this.#universe[resource] ?? [resource];
  }

  #overlaps(a: string, b: string): boolean {
    return this.#partsOf(a).some((part) => this.#partsOf(b).includes(part));
  }

  #point(act: Act): Point {
    const point = this.#lives.points.get(act);
    if (point === undefined) throw new Error(`${act.id} is not of this history`);
    return point;
  }

  #before(point: Point, later: Point, rule: Rule): void {
    if (point !== later) later.after.push({ point, rule });
  }

  #violate(rule: Violation['rule'], words: string): void {
    this.violations.push({ rule, words });
  }
}

function isWait(act: Act): boolean {
  return act.kind === 'taken' ? act.queuedAt !== undefined : act.kind === 'refused' && act.how === 'timeout';
}

function conflict(a: LeaseLife, b: LeaseLife): boolean {
  return a.agent !== b.agent && (a.mode === 'exclusive' || b.mode === 'exclusive');
}

// The earliest instant at which a lease can have ended by time.
function expiryOf(life: LeaseLife): number {
  const { reservation } = life;
  const ends = life.extents.map(({ from, ttlUs }) => from + ttlUs);
  return (reservation === undefined ? Math.max(...ends) : reservation.from + reservation.ttlUs) - TICK_US;
}

// A call that never returned may have ended it.
function mayEnd(act: Act, life: LeaseLife): boolean {
  if (act.kind === 'broke') return act.resource === life.resource;
  const asked = act.kind === 'released' ? act.asked : act.kind === 'transferred' ? [act.asked] : [];
  return asked.some(({ token, resource }) => token === life.token && resource === life.resource);
}

function missingOf(act: Act): readonly LeaseName[] {
  if (act.to === Infinity) return [];
  const left = (asked: readonly LeaseName[], found: readonly LeaseName[]): LeaseName[] =>
    asked.filter((name) => !found.some((each) => leaseWords(each) === leaseWords(name)));
  if (act.kind === 'released') return left(act.asked, [...act.released, ...act.kept]);
  if (act.kind === 'renewed') return left(act.asked, act.renewed);
  if (act.kind === 'verified') return act.isValid ? [] : [act.lease];
  return act.kind === 'transferred' && act.moved === undefined ? [act.asked] : [];
}

function aliveIn(act: Act): readonly LeaseName[] {
  if (act.kind === 'released') return [...act.released, ...act.kept];
  if (act.kind === 'renewed') return act.renewed;
  if (act.kind === 'verified') return act.isValid ? [act.lease] : [];
  return act.kind === 'transferred' && act.moved !== undefined ? [act.asked] : [];
}
