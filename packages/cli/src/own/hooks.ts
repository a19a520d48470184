import { relative } from 'node:path';
import { EXIT, SquadError } from '#protocol';
import { locateRepository } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { noRepository } from '../shell/no-repository.ts';
import { installGitHooks, uninstallGitHooks, type HookChange } from './git-hooks.ts';

/** `squad-own hooks`. */
export const hooksCommand: Command = {
  name: 'hooks',
  summary: 'Put the checks into the git hooks (husky, lefthook, core.hooksPath: chained), or take them out',
  positionals: '<install|uninstall>',
  minPositionals: 1,
  maxPositionals: 1,
  options: { 'dry-run': { kind: 'flag', summary: 'say what would change; change nothing' } },
  examples: ['squad-own hooks install', 'squad-own hooks uninstall'],
  action: hooks,
};

async function hooks(call: Call): Promise<Outcome> {
  const { io, positionals } = call;
  const [verb] = positionals;
  if (verb !== 'install' && verb !== 'uninstall') {
    throw new SquadError({
      code: 'USAGE',
      message: `hooks has no verb "${verb}"`,
      hint: 'use: squad-own hooks install',
    });
  }
  const home = locateRepository(io.store, io.cwd);
  if (home === undefined) throw noRepository(io.store, io.cwd);
  const target = { store: io.store, root: home.mainRoot, dryRun: call.flag('dry-run') };
  const changes = await (verb === 'install' ? installGitHooks(target) : uninstallGitHooks(target));
  return {
    exitCode: changes.some(({ change }) => change === 'manual') ? EXIT.failed : EXIT.done,
    json: { hooks: changes },
    text: describeHooks(home.mainRoot, changes),
  };
}

/** One line a hook, with notes. */
export function describeHooks(root: string, changes: readonly HookChange[]): string {
  return changes
    .map(({ hook, path, change, note }) => {
      const place = relative(root, path);
      return `${hook}: ${change} ${place.startsWith('..') ? path : place}${note === undefined ? '' : ` (${note})`}`;
    })
    .join('\n');
}
