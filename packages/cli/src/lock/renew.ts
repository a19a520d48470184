import { displayResource, lossLine } from '#lock';
import { EXIT } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whoAmI } from '../shell/squad.ts';
import {
  durationOption,
  HOLDER_OPTIONS,
  holderOf,
  openLocksFor,
  resourcesOf,
  sessionOf,
} from './open-locks.ts';
import { holdWarning, leaseJson, leaseLine } from './words.ts';

/** `squad-lock renew`. */
export const renewCommand: Command = {
  name: 'renew',
  summary: 'Extend leases from now by their length; without paths, all of yours',
  positionals: '[path…]',
  options: {
    ...AGENT_OPTION,
    ttl: { kind: 'value', value: 'DURATION', summary: 'the new length (default: as before)' },
    ...HOLDER_OPTIONS,
  },
  examples: ['squad-lock renew', 'squad-lock renew shared/types/metrics.ts --ttl 10m'],
  action: renewAction,
};

async function renewAction(call: Call): Promise<Outcome> {
  const agent = whoAmI(call);
  const { locks, squad, ttlMs } = await openLocksFor(call);
  const { renewed, missing, notices } = locks.renew({
    agent,
    ...sessionOf(call),
    ...holderOf(call),
    ...(call.value('ttl') === undefined ? {} : { ttlMs: durationOption(call, 'ttl', ttlMs) }),
    ...(call.positionals.length > 0 ? { resources: resourcesOf(call, squad) } : { all: true }),
  });
  const lost = missing.map((name) => displayResource(name));
  const lines = [
    ...renewed.map((lease) => `renewed ${leaseLine(lease)}`),
    ...lost.map((name) => `lost: you no longer hold ${name}; squad-lock acquire ${name}`),
  ];
  const warnings = [...notices.map((loss) => `warning: ${lossLine(loss)}`), ...holdWarning(renewed)];
  return {
    exitCode: lost.length > 0 ? EXIT.failed : EXIT.done,
    json: { kind: 'renewed', leases: renewed.map(leaseJson), lost },
    text: lines.length === 0 ? 'you hold nothing' : lines.join('\n'),
    ...(warnings.length === 0 ? {} : { notice: warnings.join('\n') }),
  };
}
