import { dirname, join } from 'node:path';
import { rangeAt, renderDiagnostic, schema, SquadError, type Schema } from '#protocol';
import { hashText, type Store } from '#store';
import { isOurSetting, type ClientFile } from './client-file.ts';
import { parseJsonc, type JsonNode, type JsonProblem } from './jsonc-tree.ts';
import { renderLineDiff } from './line-diff.ts';
import { HASH_MARKS, MARKDOWN_MARKS, dropBlock, putBlock } from './marked-block.ts';
import { mergeJsonc, removeOurs } from './merge-jsonc.ts';
import { openOwnedFile, type OwnedFile } from './owned-file.ts';

/** What happens to one file of a client's installation. */
export interface ClientChange {
  readonly path: string;
  readonly change: 'created' | 'updated' | 'unchanged' | 'restored' | 'removed' | 'kept';
  readonly diff: string;
  /** Why a file was kept. */
  readonly note?: string;
}

/** `.squad/.run/clients.json`: each file's text before we touched it, and the hash of what we made of it. */
interface ClientRecord {
  readonly version: 1;
  readonly files: Readonly<Record<string, { readonly before: string | null; readonly after: string }>>;
}

const { literal, nullable, object, record, string } = schema;

const clientRecordSchema: Schema<ClientRecord> = object<ClientRecord>({
  version: literal(1),
  files: record(object<ClientRecord['files'][string]>({ before: nullable(string()), after: string() })),
});

interface Request {
  readonly root: string;
  readonly squadDir: string;
  readonly dryRun: boolean;
}

/**
 * Installs files of clients: settings are merged, blocks put between marks, our own files written. Every new text is worked
 * out before the first is written, so unreadable settings leave all files alone. A second run changes nothing.
 */
export function installClients(
  store: Store,
  request: Request & { readonly files: readonly ClientFile[] },
): readonly ClientChange[] {
  const known = readRecord(store, request.squadDir);
  const planned = request.files.flatMap((file) => {
    const place = openOwnedFile(store, request.root, file.path);
    const { present } = place;
    if (file.kind === 'block' && file.ifPresent === true && present === undefined) return [];
    const after = afterInstall(file, present ?? '');
    if (after !== present) place.check();
    return [{ file, place, present, after }];
  });
  const entries = { ...known.files };
  const changes = planned.map(({ file, place, present, after }): ClientChange => {
    const change = present === undefined ? 'created' : present === after ? 'unchanged' : 'updated';
    entries[file.path] = { before: beforeOf(file, present, known.files[file.path]), after: hashText(after) };
    if (!request.dryRun && change !== 'unchanged') place.write(after);
    return { path: file.path, change, diff: renderLineDiff(present ?? '', after) };
  });
  if (!request.dryRun) writeRecord(store, request.squadDir, entries);
  return changes;
}

/**
 * Takes everything out again: a file that nobody touched since is restored byte for byte (or removed, when we made it);
 * from one that was edited only our entries are taken.
 */
export function uninstallClients(store: Store, request: Request): readonly ClientChange[] {
  const known = readRecord(store, request.squadDir);
  const planned = Object.entries(known.files).map(([path, entry]) => {
    const place = openOwnedFile(store, request.root, path);
    const { present = '' } = place;
    const isUntouched = hashText(present) === entry.after;
    const after = isUntouched ? (entry.before ?? undefined) : withoutOurs(path, present, entry.before);
    if (place.present !== undefined && after !== present) place.check();
    return { path, place, after };
  });
  const changes = planned.map(({ path, place, after }): ClientChange => {
    const { present } = place;
    if (present === undefined) return { path, change: 'unchanged', diff: '', note: 'already gone' };
    if (after === present)
      return { path, change: 'kept', diff: '', note: 'edited since; nothing of ours was found in it' };
    if (!request.dryRun) putBack(store, { full: join(request.root, path), root: request.root, after, place });
    return {
      path,
      change: after === undefined ? 'removed' : 'restored',
      diff: renderLineDiff(present, after ?? ''),
    };
  });
  if (!request.dryRun) store.removeFile(recordPath(request.squadDir));
  return changes;
}

function recordPath(squadDir: string): string {
  return join(squadDir, '.run', 'clients.json');
}

function readRecord(store: Store, squadDir: string): ClientRecord {
  try {
    const decoded = clientRecordSchema.decode(JSON.parse(store.readText(recordPath(squadDir)) ?? ''));
    if (decoded.ok) return decoded.value;
  } catch {
    // Absent or damaged: then only our entries can be told apart, which is what uninstalling needs least.
  }
  return { version: 1, files: {} };
}

function writeRecord(store: Store, squadDir: string, files: ClientRecord['files']): void {
  const text = `${JSON.stringify({ version: 1, files } satisfies ClientRecord, undefined, 2)}\n`;
  if (store.readText(recordPath(squadDir)) !== text) store.writeAtomic(recordPath(squadDir), text);
}

function afterInstall(file: ClientFile, present: string): string {
  switch (file.kind) {
    case 'whole':
      return file.text;
    case 'block':
      // Who imports the file by hand needs no block.
      return file.body.startsWith('@') &&
        present.split(/\r?\n/u).includes(file.body) &&
        !present.includes(file.marks.begin)
        ? present
        : putBlock(present, file.body, file.marks);
    case 'settings': {
      const merged = mergeJsonc(present, file.wanted, isOurSetting);
      if (!merged.ok) throw unreadable(file.path, present, merged.error);
      return merged.value;
    }
  }
}

// The text before our first touch; after an edit by somebody in between, that edit without our entries.
function beforeOf(
  file: ClientFile,
  present: string | undefined,
  known: ClientRecord['files'][string] | undefined,
): string | null {
  if (present === undefined) return null;
  if (known === undefined) return present;
  return hashText(present) === known.after
    ? known.before
    : (withoutOurs(file.path, present, known.before) ?? null);
}

function withoutOurs(path: string, present: string, before: string | null): string | undefined {
  if (path.endsWith('.md')) return dropBlock(present, MARKDOWN_MARKS);
  if (path.endsWith('.toml') && !path.includes('/commands/')) return dropBlock(present, HASH_MARKS);
  if (!path.endsWith('.json')) return present;
  const tree = before === null ? undefined : parseJsonc(before);
  const stood = tree?.ok === true ? containersOf(tree.value, '') : new Set<string>();
  const removed = removeOurs(present, isOurSetting, (container) => !stood.has(container));
  return removed.ok ? removed.value : present;
}

function containersOf(node: JsonNode, path: string): ReadonlySet<string> {
  const inner =
    node.kind === 'object'
      ? node.entries.flatMap(({ key, value }) => [...containersOf(value, `${path}/${key}`)])
      : node.kind === 'array'
        ? node.items.flatMap((item, index) => [...containersOf(item, `${path}/${index}`)])
        : [];
  return new Set([path, ...inner]);
}

function putBack(
  store: Store,
  what: { full: string; root: string; after: string | undefined; place: OwnedFile },
): void {
  if (what.after !== undefined) return what.place.write(what.after);
  what.place.remove();
  // Folders that the installation made are left as they were found: not there.
  for (let folder = dirname(what.full); folder.length > what.root.length; folder = dirname(folder)) {
    if (store.list(folder).length > 0) return;
    store.removeFolder(folder);
  }
}

function unreadable(path: string, text: string, problem: JsonProblem): SquadError {
  const upTo = text.slice(0, problem.offset).split('\n');
  const diagnostic = {
    severity: 'error',
    code: 'JSON_INVALID',
    message: 'the settings cannot be read, so nothing was installed',
    path,
    range: rangeAt(upTo.length, (upTo.at(-1)?.length ?? 0) + 1),
    expected: problem.expected,
  } as const;
  return new SquadError({
    code: 'INPUT_INVALID',
    message: renderDiagnostic(diagnostic, text),
    data: [diagnostic],
    hint: `correct ${path}, then run squad-init again`,
  });
}
