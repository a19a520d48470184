import { join } from 'node:path';
import type { SquadHome, Store } from '#store';
import type { Call } from '../../shell/command.ts';
import type { BinForm } from '../templates.ts';
import { INSTALLABLE, type InstallableClient } from './client-file.ts';
import { clientFiles } from './client-files.ts';
import { forAllFolders, PACKAGE_ROOT } from './for-all-folders.ts';
import { installClients, uninstallClients, type ClientChange } from './install-clients.ts';

// What a person still has to do, because it is theirs to decide.
const AFTERWARDS: Readonly<Record<InstallableClient, (store: Store) => string>> = {
  claude: (store) =>
    `Claude Code: project hooks do not fire when it is started in a sub-folder; for that, once: ${forAllFolders(store, 'claude')}`,
  codex: () => 'Codex: run /hooks once and trust the squad hooks; untrusted hooks are skipped without a word',
  gemini: (store) =>
    `Gemini: trust the folder, it lists the hooks; they do not fire when it is started in a sub-folder; for that, once: ${forAllFolders(store, 'gemini')}`,
  opencode: () =>
    'OpenCode 1.x: nothing more to do; 2.x loads no plugins of 1.x, so nothing is guarded there',
  cursor: () => 'Cursor: see Settings, Hooks; written by its documentation, not tried with the program',
};

/** Installs into the clients that the call names; `undefined` when it names none. */
export function installForCall(
  call: Call,
  home: SquadHome,
  binForm: BinForm,
): { readonly changes: readonly ClientChange[]; readonly text: string } | undefined {
  const { store } = call.io;
  const clients = INSTALLABLE.filter((client) => call.flag(client));
  if (clients.length === 0) return undefined;
  const files = clients.flatMap((client) => clientFiles({ store, binForm }, client));
  const unique = files.filter((file, index) => files.findIndex(({ path }) => path === file.path) === index);
  const dryRun = call.flag('dry-run');
  const changes = installClients(store, {
    root: home.mainRoot,
    squadDir: home.squadDir,
    dryRun,
    files: unique,
  });
  if (!dryRun) rememberPackage(store, home.squadDir);
  const text = [
    ...describeChanges(changes),
    '',
    ...(home.worktreeRoot === home.mainRoot ? [] : [linkedNote(home)]),
    ...clients.map((client) => AFTERWARDS[client](store)),
    'check it with: squad-doctor',
  ];
  return { changes, text: text.join('\n') };
}

// Clients read the settings of the checkout that they start in.
function linkedNote({ mainRoot, worktreeRoot }: SquadHome): string {
  return `all of this is in ${mainRoot}: commit it there; ${worktreeRoot} is guarded once its branch has that commit`;
}

/** The clients' part of `squad-init --uninstall`. */
export function uninstallForCall(
  call: Call,
  home: SquadHome,
): { readonly changes: readonly ClientChange[]; readonly text: string } {
  const dryRun = call.flag('dry-run');
  const { mainRoot: root, squadDir } = home;
  const changes = uninstallClients(call.io.store, { root, squadDir, dryRun });
  if (changes.length === 0) return { changes, text: '' };
  const head = `${dryRun ? 'would take' : 'took'} the clients' hooks and settings out of ${root}`;
  return { changes, text: [head, ...describeChanges(changes)].join('\n') };
}

// Launchers in a checkout without node_modules find the package through this.
function rememberPackage(store: Store, squadDir: string): void {
  const path = join(squadDir, '.run', 'package.path');
  const text = `${PACKAGE_ROOT}\n`;
  if (store.readText(path) !== text) store.writeAtomic(path, text);
}

const SIGN: Readonly<Record<ClientChange['change'], string>> = {
  created: '+ created  ',
  updated: '~ updated  ',
  unchanged: '  unchanged',
  restored: '~ restored ',
  removed: '- removed  ',
  kept: '! kept     ',
};

function describeChanges(changes: readonly ClientChange[]): readonly string[] {
  return changes.flatMap(({ path, change, diff, note }) => [
    `${SIGN[change]} ${path}${note === undefined ? '' : `  (${note})`}`,
    ...(change === 'updated' || change === 'restored' ? diff.split('\n').map((line) => `    ${line}`) : []),
  ]);
}
