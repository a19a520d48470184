import type { Clock, IdSource } from '#protocol';
import { bootId, hostName, livenessOf, performFileStep, type FileStep } from '#store';
import type { Moment } from '../model/moment.ts';
import type { Protocol, ProtocolAnswer, ProtocolStep } from './protocol.ts';

/** The world as the protocol meets it. Tests hand in their own. */
export interface World {
  readonly perform: (step: ProtocolStep) => ProtocolAnswer;
}

/** The machine's file system, clocks and processes. */
export function realWorld(ports: {
  readonly clock: Clock;
  readonly newId: IdSource;
  readonly performFile?: (step: FileStep) => ProtocolAnswer;
}): World {
  const { clock, newId, performFile = performFileStep } = ports;
  let machine: Pick<Moment, 'boot' | 'host'> | undefined;
  const now = (): Moment => {
    machine ??= { boot: bootId(), host: hostName() };
    return { wallMs: clock.wallMs(), bootMs: clock.bootMs(), ...machine };
  };
  return {
    perform(step) {
      if (step.kind === 'now') return { code: '', moment: now() };
      if (step.kind === 'newId') return { code: '', id: newId() };
      if (step.kind === 'liveness') return { code: '', liveness: livenessOf(step.process) };
      return performFile(step);
    },
  };
}

/** Runs a protocol to its end, one step after the other. */
export function drive<T>(protocol: Protocol<T>, world: World): T {
  let turn = protocol.next();
  while (turn.done !== true) turn = protocol.next(world.perform(turn.value));
  return turn.value;
}
