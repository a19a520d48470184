// What a contender does with leases. Every deed lets go of what it took before it ends.
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, identifyProcess, randomBytes, systemClock } from '#store';

/** A contender with the leases of a `.squad/` folder. */
export function openSquad(self) {
  const newId = createIdSource(() => Date.now(), randomBytes);
  const ports = { store: createNodeStore(), squadDir: self.folder, clock: systemClock, newId };
  const locks = openLocks(ports, { ttlMs: self.ttlMs, maxHoldMs: 3_600_000 });
  return new Contender(self, locks);
}

const nameOf = ({ resource, token }) => ({ resource, token });

class Contender {
  #calls = 0;

  constructor(self, locks) {
    this.self = self;
    this.locks = locks;
    this.holder = identifyProcess(process.pid);
    const weights = Object.entries(self.deeds ?? { plain: 1 });
    this.deck = weights.flatMap(([deed, count]) => Array.from({ length: count }, () => deed));
  }

  async turn() {
    const deed = this.#pick(this.deck);
    const taken = await this[deed]();
    if (taken === undefined) await this.self.pause(this.self.random() * (this.self.backOffMs ?? 2));
  }

  plain() {
    return this.#holding([this.#want()]);
  }

  shared() {
    return this.#holding([this.#want('shared')]);
  }

  several() {
    const wants = [this.#want(), this.#want(this.self.random() < 0.5 ? 'shared' : 'exclusive'), this.#want()];
    const byResource = new Map(wants.map((want) => [want.resource, want]));
    return this.#holding([...byResource.values()]);
  }

  renewed() {
    return this.#holding([this.#want()], {}, async (held) => {
      const asked = held.map(nameOf);
      const call = this.#begin();
      const { renewed } = this.locks.renew({
        agent: call.agent,
        resources: asked.map((each) => each.resource),
      });
      this.#say(call, {
        kind: 'renewed',
        asked,
        renewed: mine(renewed, asked),
        ttlUs: this.self.ttlMs * 1000,
      });
    });
  }

  // In by two sessions, out by two: the lease ends with the second.
  async reentered() {
    const wants = [this.#want()];
    const first = await this.#take(wants, { session: 'one' });
    if (first === undefined) return undefined;
    const second = await this.#take(wants, { session: 'two', isSure: true });
    await this.#work();
    if (second !== undefined) this.#release(second, { session: 'two', wholly: false });
    this.#release(first, { session: 'one', wholly: false });
    return first;
  }

  // Holds one thing and waits for another: others do it the other way round.
  async crossed() {
    const first = await this.#take([this.#want()], {});
    if (first === undefined) return undefined;
    const second = await this.#take([this.#want()], {});
    await this.#work();
    if (second !== undefined)
      this.#release(
        second.filter(({ token }) => !has(first, token)),
        {},
      );
    this.#release(first, {});
    return first;
  }

  transferred() {
    return this.#holding([this.#want()], { keeps: true }, async ([asked]) => {
      const receiver = `${this.self.name}-heir`;
      const from = this.#begin();
      const call = { ...from, receiver, asked, ttlUs: this.self.ttlMs * 1000 };
      this.#announce(call, { kind: 'transferred' });
      const { resource } = asked;
      const order = { from: from.agent, to: receiver, resources: [resource], holder: this.holder };
      const outcome = this.locks.transfer(order);
      const moved = outcome.kind === 'transferred' ? nameOf(outcome.leases[0]) : undefined;
      this.#say(call, { kind: 'transferred', moved });
      if (moved !== undefined) this.#release([moved], { agent: receiver });
    });
  }

  // Released with an heir: kept for it until it takes it.
  async handed() {
    const heir = `${this.self.name}-heir`;
    const wants = [this.#want()];
    const held = await this.#take(wants, { handoffTo: heir });
    if (held === undefined) return undefined;
    await this.#work();
    this.#release(held, { reservedFor: heir });
    const inherited = await this.#take(wants, { agent: heir });
    if (inherited !== undefined) this.#release(inherited, { agent: heir });
    return held;
  }

  broken() {
    const { resource } = this.#want();
    const call = { ...this.#begin(), resource };
    this.#announce(call, { kind: 'broke', broken: [] });
    const { broken } = this.locks.breakLease({ resource, by: call.agent, reason: call.id });
    this.#say(call, { kind: 'broke', broken: broken.map(nameOf) });
    return broken.length === 0 ? undefined : broken;
  }

  async #holding(wants, terms = {}, meanwhile = async () => {}) {
    const held = await this.#take(wants, terms);
    if (held === undefined) return undefined;
    await this.#work();
    await meanwhile(held);
    if (this.self.verifies) this.#verify(held[0]);
    if (terms.keeps !== true) this.#release(held, {});
    return held;
  }

  async #work() {
    const { holdMs, random, pause } = this.self;
    if (holdMs > 0) await pause(random() * holdMs);
  }

  async #take(wants, { agent = this.self.name, session, handoffTo, isSure = false }) {
    const { ttlMs, waitMs = 0, random, unboundShare = 0 } = this.self;
    const isBound = isSure || random() >= unboundShare;
    const call = { ...this.#begin(), agent };
    const request = {
      agent,
      session,
      handoffTo,
      resources: wants.map(({ resource, mode }) => ({ name: resource, mode })),
      purpose: call.id,
      ...(isBound ? { holder: this.holder } : {}),
    };
    const waiting = waitMs > 0 && !isSure ? this.locks.acquireWaiting(request, { waitMs }) : undefined;
    const queuedAt = waiting === undefined ? undefined : this.self.now();
    const outcome = waiting === undefined ? this.locks.acquire(request) : await waiting;
    if (outcome.kind !== 'acquired') {
      this.#say(call, { kind: 'refused', how: outcome.kind, wants, obstacles: obstaclesOf(outcome) });
      return undefined;
    }
    const leases = outcome.leases.map(nameOf);
    const tookOver = outcome.tookOver.map(({ resource, token, why }) => ({ resource, token, why }));
    this.#say(call, { kind: 'taken', wants, leases, tookOver, ttlUs: ttlMs * 1000, isBound, queuedAt });
    return leases;
  }

  #release(asked, { agent = this.self.name, session, wholly = true, reservedFor }) {
    const call = { ...this.#begin(), agent, asked, reservedFor, ttlUs: this.self.ttlMs * 1000 };
    this.#announce(call, { kind: 'released', released: [], kept: [] });
    const resources = asked.map(({ resource }) => resource);
    const { released, kept } = this.locks.release({ agent, session, resources, wholly });
    this.#say(call, { kind: 'released', released: mine(released, asked), kept: mine(kept, asked) });
  }

  #verify({ resource, token }) {
    const call = this.#begin();
    const { kind, why } = this.locks.verify({ agent: call.agent, resource, token });
    this.#say(call, { kind: 'verified', lease: { resource, token }, isValid: kind === 'valid', why });
  }

  #begin() {
    this.#calls += 1;
    const { name, now } = this.self;
    return { id: `${name}#${this.#calls}`, agent: name, from: now() };
  }

  #announce(call, line) {
    this.self.say({ ...call, ...line, to: -1 });
  }

  #say(call, line) {
    this.self.say({ ...call, ...line, to: this.self.now() });
  }

  #want(mode = 'exclusive') {
    return { resource: this.#pick(this.self.resources), mode };
  }

  #pick(list) {
    return list[Math.floor(this.self.random() * list.length)];
  }
}

// A release by name may meet a lease that was granted anew; only the one that is meant counts.
function mine(leases, asked) {
  return leases.map(nameOf).filter(({ token }) => has(asked, token));
}

function has(leases, token) {
  return leases.some((each) => each.token === token);
}

function obstaclesOf({ holders = [] }) {
  return holders.map(({ kind, resource, agent, purpose }) => ({ kind, resource, agent, id: purpose }));
}
