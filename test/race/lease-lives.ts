import type { Act, History, LeaseName, Released, Taken, Transferred } from './act.ts';

/** A point of the linear order: a call that took effect at one instant between `from` and `to`. */
export interface Point {
  readonly from: number;
  readonly to: number;
  readonly words: string;
  /** What must come before, and which rule is broken if it cannot. */
  readonly after: { readonly point: Point; readonly rule: Rule }[];
}

/** `overlap`: two holders; `order`: tokens against time; `lost`: ended early; `stale`: answered from a state long past. */
export type Rule = 'overlap' | 'order' | 'lost' | 'stale';

/** One thing that is wrong with a history. */
export interface Violation {
  readonly rule: Rule | 'malformed';
  readonly words: string;
}

/** Everything that is known of one lease of one resource, from its grant to its end. */
export interface LeaseLife extends LeaseName {
  readonly agent: string;
  readonly who: string;
  readonly mode: 'exclusive' | 'shared';
  /** Its process is known, so that its death frees it: whoever re-entered it last may have named it. */
  isBound: boolean;
  readonly grant: Point;
  /** The grant and what prolonged it. */
  readonly extents: (Act & { readonly ttlUs: number })[];
  /** Points at which it was in force. */
  readonly uses: Point[];
  /** The point that ended it, if it was let go while in force. */
  end?: Point;
  /** It was broken here, if it had not ended before. */
  broken?: Point;
  /** The release that kept it for an heir. */
  reservation?: Released;
}

/** The lives of all leases of a history, found by token and resource. */
export interface Lives {
  readonly all: readonly LeaseLife[];
  readonly points: ReadonlyMap<Act, Point>;
  readonly of: (name: LeaseName) => LeaseLife | undefined;
  readonly violations: readonly Violation[];
}

/** Text of a lease in messages, and its key. */
export function leaseWords({ resource, token }: LeaseName): string {
  return `${resource} (token ${token})`;
}

/** Puts together what each call says about each lease. */
export function livesOf(history: History): Lives {
  const builder = new LivesBuilder(history);
  const begins = history.acts.flatMap((act) => (isGrant(act) ? [act] : []));
  for (const act of begins.toSorted((a, b) => a.from - b.from)) builder.begin(act);
  for (const act of history.acts) builder.continue(act);
  return builder;
}

function isGrant(act: Act): act is Taken | Transferred {
  return act.kind === 'taken' || act.kind === 'transferred';
}

class LivesBuilder implements Lives {
  readonly points = new Map<Act, Point>();
  readonly violations: Violation[] = [];
  readonly #lives = new Map<string, LeaseLife>();

  constructor(history: History) {
    for (const act of history.acts) {
      const words = `${act.kind} ${act.id} of ${act.agent}`;
      this.points.set(act, { from: act.from, to: act.to, words, after: [] });
    }
  }

  get all(): readonly LeaseLife[] {
    return [...this.#lives.values()];
  }

  of(name: LeaseName): LeaseLife | undefined {
    return this.#lives.get(leaseWords(name));
  }

  begin(act: Taken | Transferred): void {
    if (act.kind === 'transferred') {
      const mode = this.of(act.asked)?.mode ?? 'exclusive';
      if (act.moved !== undefined) this.#enter(act, act.moved, { agent: act.receiver, mode });
      return;
    }
    for (const name of act.leases) {
      const mode = act.wants.find(({ resource }) => resource === name.resource)?.mode;
      if (mode === undefined) this.#malformed(`${act.id} was given ${leaseWords(name)} without asking`);
      else this.#enter(act, name, { agent: act.agent, mode });
    }
    if (act.leases.length !== act.wants.length) this.#malformed(`${act.id} was not given what it asked for`);
  }

  continue(act: Act): void {
    if (act.kind === 'broke') for (const name of act.broken) this.#break(name, act);
    if (act.kind === 'transferred' && act.moved !== undefined) this.#end(act.asked, act);
    if (act.kind === 'verified' && act.isValid) this.#use(act.lease, act);
    if (act.kind === 'renewed') for (const name of act.renewed) this.#prolong(name, act);
    if (act.kind !== 'released') return;
    for (const name of act.kept) this.#use(name, act);
    for (const name of act.released) {
      if (act.reservedFor === undefined) this.#end(name, act);
      else this.#reserve(name, act);
    }
  }

  #enter(
    act: Taken | Transferred,
    name: LeaseName,
    { agent, mode }: { agent: string; mode: LeaseLife['mode'] },
  ): void {
    const { token } = name;
    if (!Number.isSafeInteger(token) || token < 1) this.#malformed(`${act.id} was given token ${token}`);
    const known = this.of(name);
    if (known !== undefined && known.agent !== agent)
      this.#malformed(`${known.agent} and ${agent} were both given ${leaseWords(name)}`);
    if (known?.agent === agent) return this.#prolong(name, act);
    const grant = this.#point(act);
    const isBound = act.kind === 'transferred' || act.isBound;
    const extents = [act];
    this.#lives.set(leaseWords(name), {
      ...name,
      agent,
      who: act.who,
      mode,
      isBound,
      grant,
      extents,
      uses: [],
    });
  }

  #prolong(name: LeaseName, act: Act & { readonly ttlUs: number }): void {
    const life = this.#use(name, act);
    if (life === undefined) return;
    life.extents.push(act);
    if (act.kind === 'taken' && act.isBound) life.isBound = true;
  }

  #use(name: LeaseName, act: Act): LeaseLife | undefined {
    const life = this.of(name);
    if (life === undefined) this.#malformed(`${act.id} met ${leaseWords(name)}, which nobody was given`);
    life?.uses.push(this.#point(act));
    return life;
  }

  #reserve(name: LeaseName, act: Released): void {
    const life = this.#use(name, act);
    if (life !== undefined) life.reservation = act;
  }

  // A lease of a process that was killed before it could write down the grant is not known.
  #break(name: LeaseName, act: Act): void {
    const life = this.of(name);
    if (life !== undefined) life.broken ??= this.#point(act);
  }

  #end(name: LeaseName, act: Act): void {
    const life = this.of(name);
    if (life === undefined)
      return this.#malformed(`${act.id} ended ${leaseWords(name)}, which nobody was given`);
    if (life.end !== undefined) this.#malformed(`${leaseWords(name)} ended twice: ${act.id}`);
    life.end = this.#point(act);
  }

  #point(act: Act): Point {
    const point = this.points.get(act);
    if (point === undefined) throw new Error(`${act.id} is not of this history`);
    return point;
  }

  #malformed(words: string): void {
    this.violations.push({ rule: 'malformed', words });
  }
}
