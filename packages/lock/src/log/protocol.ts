import type { FileAnswer, FileStep, Liveness, ProcessIdentity } from '#store';
import type { Moment } from '../model/moment.ts';

/** Everything the lock protocol asks of the world, one at a time. */
export type ProtocolStep =
  | FileStep
  | { readonly kind: 'now' }
  | { readonly kind: 'newId' }
  | { readonly kind: 'liveness'; readonly process: ProcessIdentity };

/** What the world answered; which fields are there depends on the step. */
export interface ProtocolAnswer extends FileAnswer {
  readonly moment?: Moment;
  readonly id?: string;
  readonly liveness?: Liveness;
}

/**
 * A part of the protocol: it does nothing itself, it yields steps. The driver, the explorer of interleavings and the
 * fault injector all run these same generators.
 */
export type Protocol<T> = Generator<ProtocolStep, T, ProtocolAnswer>;

/** The present moment. */
export function* readClock(): Protocol<Moment> {
  const { moment } = yield { kind: 'now' };
  return moment ?? { wallMs: 0, bootMs: 0, boot: '', host: '' };
}

/** A fresh id. */
export function* makeId(): Protocol<string> {
  const { id } = yield { kind: 'newId' };
  return id ?? '';
}

/** Whether a process still runs, as far as can be shown here. */
export function* judge(process: ProcessIdentity): Protocol<Liveness> {
  const { liveness } = yield { kind: 'liveness', process };
  return liveness ?? 'unknown';
}
