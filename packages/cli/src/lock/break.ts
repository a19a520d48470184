import { displayResource } from '#lock';
import { EXIT, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whoAmI } from '../shell/squad.ts';
import { openLocksFor, resourcesOf, sessionOf } from './open-locks.ts';
import { lossJson } from './words.ts';

/** `squad-lock break`. */
export const breakCommand: Command = {
  name: 'break',
  summary: "End somebody else's lease by force; the reason is journalled and its holder is told",
  positionals: '<path>',
  minPositionals: 1,
  maxPositionals: 1,
  options: { ...AGENT_OPTION, reason: { kind: 'value', value: 'TEXT', summary: 'why (required)' } },
  examples: ['squad-lock break shared/types/metrics.ts --reason "agent-2 was shut down"'],
  action: breakAction,
};

async function breakAction(call: Call): Promise<Outcome> {
  const by = whoAmI(call);
  const reason = call.value('reason')?.trim() ?? '';
  if (reason === '')
    throw new SquadError({
      code: 'USAGE',
      message: 'squad-lock break needs --reason: it is journalled and told to the holder',
      hint: 'squad-lock break <path> --reason "why"',
    });
  const { locks, squad } = await openLocksFor(call);
  const [resource = ''] = resourcesOf(call, squad);
  const { broken } = locks.breakLease({ resource, by, reason, ...sessionOf(call) });
  const name = displayResource(resource);
  return {
    exitCode: broken.length === 0 ? EXIT.failed : EXIT.done,
    json: { kind: 'broken', broken: broken.map(lossJson) },
    text:
      broken.length === 0
        ? `nobody holds exactly ${name}; see: squad-lock status ${name}`
        : broken
            .map(({ agent, token }) => `broke the lease of ${agent} on ${name} (token ${token})`)
            .join('\n'),
  };
}
