import { displayResource } from '#lock';
import { EXIT, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whoAmI } from '../shell/squad.ts';
import { fileHash } from './file-base.ts';
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
  const { why, message, current, base } = outcome;
  const change = base === undefined ? undefined : changeSince(base, fileHash(call, squad, resource));
  return {
    exitCode: EXIT.failed,
    json: {
      kind: 'invalid',
      why,
      message,
      path: displayResource(resource),
      ...(current === undefined ? {} : { current: leaseJson(current) }),
      ...(change === undefined ? {} : { changed: change }),
    },
    text: [
      `not valid: ${message}`,
      ...(change === undefined ? [] : [changeLine(resource, change)]),
      `  squad-lock acquire ${displayResource(resource)}`,
    ].join('\n'),
  };
}

interface FileChange {
  /** Hash when the lease was granted. */
  readonly base: string;
  /** Hash now; `null` when there is no such file any more. */
  readonly present: string | null;
}

function changeSince(base: string, present: string | undefined): FileChange | undefined {
  return present === base ? undefined : { base, present: present ?? null };
}

function changeLine(resource: string, { base, present }: FileChange): string {
  const now = present === null ? 'it is gone now' : `it is ${present} now`;
  return `  ${displayResource(resource)} is not what it was when you took it: it was ${base}, ${now}`;
}
