import { changeWords, displayResource } from '#lock';
import { EXIT, pasteableWord, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whoAmI } from '../shell/squad.ts';
import { openLocksFor, resourcesOf } from './open-locks.ts';
import { leaseJson, leaseLine } from './words.ts';

/** `squad-lock verify`. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Whether you still hold a path by the token you were given',
  positionals: '<path>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...AGENT_OPTION,
    token: { kind: 'value', value: 'N', summary: 'the token that acquire printed' },
  },
  examples: ['squad-lock verify shared/types/metrics.ts --token 41'],
  action: verifyAction,
};

async function verifyAction(call: Call): Promise<Outcome> {
  const agent = whoAmI(call);
  const typed = call.value('token');
  if (typed !== undefined && !/^\d{1,15}$/u.test(typed))
    throw new SquadError({
      code: 'USAGE',
      message: `--token ${typed} is not a number`,
      hint: 'as printed by squad-lock acquire',
    });
  const { locks, squad } = await openLocksFor(call);
  const [resource = ''] = resourcesOf(call, squad);
  const token = typed === undefined ? {} : { token: Number(typed) };
  const outcome = locks.verify({ agent, resource, ...token });
  if (outcome.kind === 'valid')
    return {
      exitCode: EXIT.done,
      json: { kind: 'valid', lease: leaseJson(outcome.lease) },
      text: `valid: ${leaseLine(outcome.lease)}`,
    };
  const { why, message, current, changed } = outcome;
  return {
    exitCode: EXIT.failed,
    json: {
      kind: 'invalid',
      why,
      message,
      path: displayResource(resource),
      ...(current === undefined ? {} : { current: leaseJson(current) }),
      ...(changed === undefined ? {} : { changed }),
    },
    text: [
      `not valid: ${message}`,
      ...(changed === undefined ? [] : [`  ${displayResource(resource)} ${changeWords(changed)}`]),
      `  squad-lock acquire ${call.positionals.map(pasteableWord).join(' ')}`,
    ].join('\n'),
  };
}
