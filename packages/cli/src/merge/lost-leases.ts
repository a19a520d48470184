import { changeWords, pathResource } from '#lock';
import type { AgentWork } from '#merge';
import { pasteableWord } from '#protocol';
import type { Call } from '../shell/command.ts';
import { openLocksFor } from '../lock/open-locks.ts';

/**
 * Objects to the branch of an agent that lost a lease on a path it changes to another agent and has done nothing about that
 * since: its work may rest on a file that is not so any more. A lease that only ran out harms nobody.
 */
export function lostLeases(call: Call): (work: AgentWork) => Promise<string | undefined> {
  return async ({ agent, worktreeRoot, paths }) => {
    const { locks } = await openLocksFor(call, worktreeRoot);
    for (const path of paths) {
      const found = locks.verify({ agent, resource: pathResource(path) });
      if (found.kind === 'valid' || found.lost?.by === undefined || found.why === 'transferred') continue;
      const how = found.why === 'broken' ? 'broken' : 'taken over';
      const changed = found.changed === undefined ? '' : `; the file ${changeWords(found.changed)}`;
      return `the lease of ${agent} on ${path} (token ${found.lost.token}) was ${how} by ${found.lost.by}${changed}; look at it, then: squad-lock acquire ${pasteableWord(path)} --agent ${agent}`;
    }
    return undefined;
  };
}
