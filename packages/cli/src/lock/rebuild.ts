import { EXIT, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whoAmI } from '../shell/squad.ts';
import { openLocksFor } from './open-locks.ts';

/** `squad-lock rebuild`. */
export const rebuildCommand: Command = {
  name: 'rebuild',
  summary: 'Set a damaged lock log aside and begin a new one; every lease ends',
  options: { ...AGENT_OPTION, reason: { kind: 'value', value: 'TEXT', summary: 'why (required)' } },
  examples: ['squad-lock rebuild --reason "the disk was full when the machine went down"'],
  action: rebuildAction,
};

async function rebuildAction(call: Call): Promise<Outcome> {
  const by = whoAmI(call);
  const reason = call.value('reason')?.trim() ?? '';
  if (reason === '')
    throw new SquadError({
      code: 'USAGE',
      message: 'squad-lock rebuild needs --reason: it ends every lease, and is journalled',
      hint: 'squad-lock rebuild --reason "why"',
    });
  const { locks } = await openLocksFor(call);
  const { setAside } = locks.rebuild({ by, reason });
  return {
    exitCode: EXIT.done,
    json: { kind: 'rebuilt', setAside },
    text: `a new lock log has begun; nothing is held. The old one lies in ${setAside}`,
  };
}
