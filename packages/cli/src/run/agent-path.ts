import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWord } from '#protocol';
import type { Store } from '#store';

// What the prompts tell agents to call.
const COMMANDS = ['squad-lock', 'squad-comms', 'squad-task', 'squad-own'] as const;

/**
 * An environment in which agents find the commands that their prompts name: where the PATH has no `squad-lock` (started
 * by path, or as a dependency without npx), a folder of launchers is put before it.
 */
export function withCommands(store: Store, squadDir: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const path = env['PATH'] ?? '';
  const isFound = path
    .split(delimiter)
    .some((folder) => folder !== '' && store.stat(join(folder, COMMANDS[0])) !== undefined);
  if (isFound) return env;
  const folder = join(squadDir, '.run', 'bin');
  for (const name of COMMANDS) {
    const program = fileURLToPath(new URL(`../bin/${name}.js`, import.meta.url));
    const launcher = join(folder, name);
    const text = `#!/bin/sh\nexec ${[process.execPath, program].map(shellWord).join(' ')} "$@"\n`;
    if (store.readText(launcher) !== text) store.writeAtomic(launcher, text);
    store.makeExecutable(launcher);
  }
  return { ...env, PATH: path === '' ? folder : `${folder}${delimiter}${path}` };
}
