import { displayResource } from '#lock';
import { EXIT, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whoAmI } from '../shell/squad.ts';
import { HOLDER_OPTIONS, openLocksFor, resourcesOf, sessionOf } from './open-locks.ts';
import { leaseJson, noticeOf } from './words.ts';

/** `squad-lock release`. */
export const releaseCommand: Command = {
  name: 'release',
  summary: 'Give leases up; what was acquired twice must be released twice, or with --all',
  positionals: '[path…]',
  options: {
    ...AGENT_OPTION,
    all: { kind: 'flag', summary: 'everything you hold, or every level of the named paths' },
    session: HOLDER_OPTIONS['session'] ?? { kind: 'value', summary: '' },
  },
  examples: ['squad-lock release shared/types/metrics.ts', 'squad-lock release --all'],
  action: releaseAction,
};

async function releaseAction(call: Call): Promise<Outcome> {
  const agent = whoAmI(call);
  const all = call.flag('all');
  if (!all && call.positionals.length === 0)
    throw new SquadError({
      code: 'USAGE',
      message: 'squad-lock release needs <path…> or --all',
      hint: 'squad-lock list',
    });
  const { locks, squad } = await openLocksFor(call);
  const named = call.positionals.length > 0;
  const outcome = locks.release({
    agent,
    ...sessionOf(call),
    ...(named ? { resources: resourcesOf(call, squad), wholly: all } : { all: true }),
  });
  const { released, kept, missing, notices } = outcome;
  const lines = [
    ...released.map(({ resource, handoffTo }) =>
      handoffTo === undefined ? `released ${resource}` : `released ${resource}; it is kept for ${handoffTo}`,
    ),
    ...kept.map(
      ({ resource }) =>
        `still held: ${resource} (acquired more often than released; squad-lock release ${resource} --all)`,
    ),
    ...missing.map((name) => `not held by you: ${displayResource(name)}`),
  ];
  return {
    exitCode: missing.length > 0 ? EXIT.failed : EXIT.done,
    json: {
      kind: 'released',
      released: released.map(leaseJson),
      kept: kept.map(leaseJson),
      missing: missing.map((name) => displayResource(name)),
    },
    text: lines.length === 0 ? 'you hold nothing' : lines.join('\n'),
    ...noticeOf(notices),
  };
}
