import { join } from 'node:path';
import { renderInstant, type Clock } from '#protocol';
import { hashText, type Store } from '#store';
import { openOwnedFile } from './clients/owned-file.ts';
import { installationSchema, type Installation } from './installation.ts';
import type { TemplateFile } from './templates.ts';

/** What happens to one file. `kept` files were edited by somebody and are left alone. */
export interface FileChange {
  readonly path: string;
  readonly change: 'created' | 'updated' | 'unchanged' | 'kept' | 'replaced';
  /** Where the replaced text went. */
  readonly backup?: string;
}

/** Where and how to install. */
export interface InstallRequest {
  readonly root: string;
  readonly files: readonly TemplateFile[];
  readonly force: boolean;
  readonly dryRun: boolean;
}

/**
 * Installs files, each written whole or not at all. A file that differs from what was installed is somebody's edit: it is kept,
 * or with `force` copied to a backup beside it and replaced. A second run changes nothing. Where a link leads one of them out of the
 * repository, or one is read-only, nothing at all is written: `PATH_REFUSED`, `FILE_UNWRITABLE`.
 */
export function installFiles(
  ports: { store: Store; clock: Clock },
  request: InstallRequest,
): readonly FileChange[] {
  const { store, clock } = ports;
  const recordPath = join(request.root, '.squad', 'installed.json');
  const before = readInstallation(store, recordPath);
  const stamp = renderInstant(clock.wallMs()).replaceAll(/[-:]/gu, '');
  const hashes: Record<string, string> = { ...before.files };
  const items = request.files.map((file) => ({
    file,
    change: decide(store, request, { file, installedHash: before.files[file.target], stamp }),
  }));
  for (const { file, change } of items)
    if (change.change !== 'kept') hashes[file.target] = hashText(file.text);
  if (!request.dryRun) {
    const changed = items.filter(({ change }) => change.change !== 'unchanged' && change.change !== 'kept');
    // A `.squad` that is a link is somebody's choice of where it lies; anything else that leads out of the repository is not.
    for (const { file } of changed)
      if (!file.target.startsWith('.squad/')) openOwnedFile(store, request.root, file.target).check();
    for (const item of changed) write(store, request.root, item);
    const record = JSON.stringify({ version: 1, files: hashes } satisfies Installation, undefined, 2);
    if (store.readText(recordPath) !== `${record}\n`) store.writeAtomic(recordPath, `${record}\n`);
  }
  return items.map(({ change }) => change);
}

function readInstallation(store: Store, path: string): Installation {
  try {
    const decoded = installationSchema.decode(JSON.parse(store.readText(path) ?? ''));
    if (decoded.ok) return decoded.value;
  } catch {
    // Absent or damaged: every file that differs then counts as edited, which loses nothing.
  }
  return { version: 1, files: {} };
}

function decide(
  store: Store,
  request: InstallRequest,
  item: { file: TemplateFile; installedHash: string | undefined; stamp: string },
): FileChange {
  const { target, text } = item.file;
  const present = store.readText(join(request.root, target));
  if (present === undefined) return { path: target, change: 'created' };
  if (present === text) return { path: target, change: 'unchanged' };
  if (item.installedHash === hashText(present)) return { path: target, change: 'updated' };
  if (!request.force) return { path: target, change: 'kept' };
  return { path: target, change: 'replaced', backup: `${target}.backup-${item.stamp}` };
}

function write(store: Store, root: string, item: { file: TemplateFile; change: FileChange }): void {
  const { change, file } = item;
  const path = join(root, file.target);
  if (change.backup !== undefined) store.writeAtomic(join(root, change.backup), store.readText(path) ?? '');
  openOwnedFile(store, root, file.target).write(file.text);
}
