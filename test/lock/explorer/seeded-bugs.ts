import type { FileAnswer } from '#store';
import type { Protocol, ProtocolStep } from '#lock/engine';
import { hashOf } from './model-disk.ts';
import type { Meddler, Program } from './simulation.ts';

const SLOT = /\/(e\d{6})\/(\d{8})$/u;

/** A slot is written over instead of being linked to: the last writer wins. */
export const overwriteInsteadOfLink: Meddler = {
  perform(step, disk) {
    if (step.kind !== 'link' || !SLOT.test(step.to)) return undefined;
    const text = disk.files.get(step.from);
    return text === undefined ? { code: 'ENOENT' } : disk.overwrite(step.to, text);
  },
};

/** A new epoch archives the one before it at once, instead of keeping two. */
export const archiveLastEpochAtOnce: Meddler = {
  perform(step, disk) {
    if (step.kind !== 'rename') return undefined;
    const to = /^(.*)\/e(\d{6})$/u.exec(step.to);
    if (to === null || step.to.includes('/archive/')) return undefined;
    const answer = disk.perform(step);
    const last = `e${String(Number(to[2]) - 1).padStart(6, '0')}`;
    if (answer.code === '')
      disk.perform({ kind: 'rename', from: `${to[1]}/${last}`, to: `${to[1]}/archive/${last}` });
    return answer;
  },
};

/** Nobody looks whether the epoch is still the one that was read: what was read once is believed. */
export const noSecondLook: Meddler = {
  perform(step, disk, { memory }) {
    if (step.kind !== 'read' || !SLOT.test(step.path)) return undefined;
    const known = memory.get(step.path);
    if (known !== undefined) return known;
    const answer = disk.perform(step);
    if (answer.code === '') memory.set(step.path, answer);
    return answer;
  },
};

/** The base of a new epoch forgets how far the tokens had come. */
export const baseForgetsTokens: Meddler = {
  perform(step, disk) {
    if (step.kind !== 'create' || !step.path.endsWith('/00000000')) return undefined;
    return disk.perform({ ...step, text: step.text.replace(/"nextToken":\d+/u, '"nextToken":1') });
  },
};

/** The base of a new epoch forgets who holds. */
export const baseForgetsLeases: Meddler = {
  perform(step, disk) {
    if (step.kind !== 'create' || !step.path.endsWith('/00000000')) return undefined;
    return disk.perform({ ...step, text: step.text.replace(/\n[^]*$/u, '\n') });
  },
};

/** The next epoch is put in place of whatever is there. */
export const epochReplacesEpoch: Meddler = {
  perform(step, disk) {
    if (step.kind !== 'rename' || !/\/e\d{6}$/u.test(step.to) || step.to.includes('/archive/'))
      return undefined;
    disk.perform({ kind: 'removeFolder', path: step.to });
    return disk.perform(step);
  },
};

/** An error of the link is believed, although the link was made. */
export const lostReplyIsBelieved: Meddler = {
  perform(step, _disk, { memory }) {
    if (step.kind === 'link') memory.set('linked', { code: '', text: step.to });
    // The look at the slot after a failed link is answered as if nobody had looked.
    const isLookAfterLink = step.kind === 'read' && memory.get('linked')?.text === step.path;
    if (step.kind === 'read') memory.delete('linked');
    return isLookAfterLink ? { code: 'ENOENT' } : undefined;
  },
};

/** Whoever wakes a waiter leaves it half of what there is to know. */
export const tornBaton: Meddler = {
  perform(step, disk) {
    if (step.kind !== 'overwrite') return undefined;
    return disk.perform({ ...step, text: step.text.slice(0, step.text.length / 2) });
  },
};

/** Whoever wakes a waiter leaves it a table in which nobody holds anything, and the sum that fits it. */
export const batonForgetsLeases: Meddler = {
  perform(step, disk) {
    if (step.kind !== 'overwrite') return undefined;
    const [, length, , rest] = /^(\d+) (\d+) ([^]*)$/u.exec(step.text) ?? [];
    const body = (rest ?? '').slice(0, Number(length)).replace(/^([^\n]*\n[^\n]*\n)[^]*$/u, '$1');
    return disk.perform({ ...step, text: `${body.length} ${hashOf(body)[0]} ${body}` });
  },
};

/** Behind each record a process leaves the state that the one before it led to. */
export const stateOfAnotherSlot: Meddler = {
  perform(step, disk, { memory }) {
    const [, ground = '', length, body = ''] =
      step.kind === 'create' ? (/=(\d+) (\d+) .*\n([^]*)$/u.exec(step.text) ?? []) : [];
    if (step.kind !== 'create' || length === undefined) return undefined;
    const state = body.slice(Number(ground));
    const { text: last = state } = memory.get('state') ?? {};
    memory.set('state', { code: '', text: state });
    const text = step.text
      .slice(0, step.text.length - state.length)
      .replace(`=${ground} ${length} `, `=${ground} ${Number(length) + last.length - state.length} `)
      .concat(last);
    return disk.perform({ ...step, text });
  },
};

interface NaiveOptions {
  readonly ttlMs: number;
}

const LOCK = '/squad/lock';

function* ask(step: ProtocolStep): Protocol<FileAnswer> {
  return yield step;
}

function* nowMs(): Protocol<number> {
  const { moment } = yield { kind: 'now' };
  return moment?.bootMs ?? 0;
}

let naiveTokens = 0;

function* createExclusive(name: string, ttlMs: number): Protocol<{ code: string; endsMs: number }> {
  const endsMs = (yield* nowMs()) + ttlMs;
  const { code } = yield* ask({ kind: 'create', path: LOCK, text: `${name} ${endsMs}` });
  return { code, endsMs };
}

/** `open('wx')`; a stale lock is unlinked and created anew; release unlinks whatever is there. */
export function naiveExclusiveCreate(
  { ttlMs }: NaiveOptions,
  deeds: readonly ('takeover' | 'renew')[] = [],
): Program {
  return function* program(actor) {
    let made = yield* createExclusive(actor.name, ttlMs);
    if (made.code !== '' && deeds.includes('takeover')) {
      const { text = '' } = yield* ask({ kind: 'read', path: LOCK });
      const endsMs = Number(text.split(' ')[1] ?? Infinity);
      if ((yield* nowMs()) < endsMs) return;
      yield* ask({ kind: 'remove', path: LOCK });
      made = yield* createExclusive(actor.name, ttlMs);
    }
    if (made.code !== '') return;
    naiveTokens += 1;
    actor.believe('a.ts', { token: naiveTokens, endsMs: made.endsMs });
    if (deeds.includes('renew'))
      yield* renewByOverwrite(actor.name, ttlMs, (endsMs) =>
        actor.believe('a.ts', { token: naiveTokens, endsMs }),
      );
    yield* ask({ kind: 'read', path: '/squad/work' });
    actor.forget('a.ts');
    yield* ask({ kind: 'remove', path: LOCK });
  };
}

function* renewByOverwrite(name: string, ttlMs: number, then: (endsMs: number) => void): Protocol<void> {
  const { text = '' } = yield* ask({ kind: 'read', path: LOCK });
  if (!text.startsWith(name)) return;
  const endsMs = (yield* nowMs()) + ttlMs;
  const fresh = `/squad/fresh-${name}`;
  yield* ask({ kind: 'create', path: fresh, text: `${name} ${endsMs}` });
  const { code } = yield* ask({ kind: 'rename', from: fresh, to: LOCK });
  if (code === '') then(endsMs);
}

/** `mkdir`; a stale folder is looked at, removed and made anew, as proper-lockfile does. */
export function naiveFolder({ ttlMs }: NaiveOptions): Program {
  return function* program(actor) {
    const take = function* take(): Protocol<number | undefined> {
      const endsMs = (yield* nowMs()) + ttlMs;
      // A folder cannot be made exclusively in this model, so a file stands for it; its text stands for its mtime.
      const { code } = yield* ask({ kind: 'create', path: LOCK, text: String(endsMs) });
      return code === '' ? endsMs : undefined;
    };
    let endsMs = yield* take();
    if (endsMs === undefined) {
      const { text } = yield* ask({ kind: 'read', path: LOCK });
      if (text === undefined || (yield* nowMs()) < Number(text)) return;
      yield* ask({ kind: 'remove', path: LOCK });
      endsMs = yield* take();
    }
    if (endsMs === undefined) return;
    naiveTokens += 1;
    actor.believe('a.ts', { token: naiveTokens, endsMs });
    yield* ask({ kind: 'read', path: '/squad/work' });
    actor.forget('a.ts');
  };
}
