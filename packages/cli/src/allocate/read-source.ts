import { join, resolve } from 'node:path';
import {
  applyAnswers,
  COMMIT_LOG_ARGUMENTS,
  inferFiles,
  parseCommitLog,
  readDocument,
  readFolder,
  type RawDocument,
  type RepositoryEvidence,
  type SourceDocument,
} from '#plan';
import { SquadError } from '#protocol';
import type { SquadHome, Store } from '#store';
import type { Call } from '../shell/command.ts';
import type { FoundDocument } from './find-document.ts';
import { findRenames } from './find-renames.ts';

/** A document as it stands and as it is understood. */
export interface ReadSource {
  readonly document: SourceDocument;
  /** The bytes of the document; of a folder, of its files one after the other. */
  readonly content: Uint8Array;
  readonly files: readonly RawDocument[];
}

/** Where the evidence is. */
export interface SourcePlace {
  readonly home: SquadHome;
  readonly tracked: readonly string[];
}

/** Reads a file, or the planning files of a folder, takes in `--answers`, and infers the rest from the repository. */
export async function readSource(call: Call, found: FoundDocument, place: SourcePlace): Promise<ReadSource> {
  const { store, cwd } = call.io;
  const format = call.value('format');
  const options = format === undefined ? {} : { format };
  const isFolder = store.stat(found.file)?.kind === 'folder';
  const files = isFolder ? filesOf(store, found) : [rawOf(store, found)];
  const [first] = files;
  const read =
    isFolder || first === undefined ? readFolder(found.path, files, options) : readDocument(first, options);
  const answers = call.value('answers');
  const answered =
    answers === undefined ? read : applyAnswers(read, textOf(store, resolve(cwd, answers), answers), answers);
  return {
    document: inferFiles(answered, await gatherEvidence(store, place, answered)),
    content: Buffer.concat(files.map(({ content }) => Buffer.from(content))),
    files,
  };
}

function rawOf(store: Store, { file, path }: FoundDocument): RawDocument {
  return { path, content: store.readBytes(file) ?? new Uint8Array() };
}

const PLANNING_FILE = /\.(?:md|markdown|json|jsonl|ya?ml)$/u;
const MOST_FILES = 2000;

/** Planning files of a folder and the folders in it, by name. */
function filesOf(store: Store, folder: FoundDocument): readonly RawDocument[] {
  const names = store.list(folder.file).toSorted();
  const files = names.flatMap((name): readonly RawDocument[] => {
    const found = { file: join(folder.file, name), path: `${folder.path.replace(/\/$/u, '')}/${name}` };
    const kind = store.stat(found.file)?.kind;
    if (kind === 'folder' && !name.startsWith('.') && name !== 'node_modules') return filesOf(store, found);
    return kind === 'file' && PLANNING_FILE.test(name) ? [rawOf(store, found)] : [];
  });
  if (files.length <= MOST_FILES) return files;
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: `${folder.path} holds more than ${MOST_FILES} planning files`,
    hint: 'name a smaller folder or one document',
  });
}

function textOf(store: Store, file: string, shown: string): string {
  const text = store.readText(file);
  if (text !== undefined) return text;
  throw new SquadError({
    code: 'FILE_UNREADABLE',
    message: `there is no file ${shown}`,
    hint: 'make one with: squad-allocate --emit-questions > answers.yaml',
  });
}

async function gatherEvidence(
  store: Store,
  { home, tracked }: SourcePlace,
  document: SourceDocument,
): Promise<RepositoryEvidence> {
  const at = (path: string): string => join(home.worktreeRoot, path);
  const owners = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'].find((path) =>
    tracked.includes(path),
  );
  const { worktreeRoot } = home;
  const commits = home.isGit ? await recentCommits(worktreeRoot) : [];
  return {
    trackedFiles: tracked,
    commits,
    renames: await findRenames(document, { worktreeRoot, tracked, commits }),
    codeowners: owners === undefined ? '' : (store.readText(at(owners)) ?? ''),
    readText: (path) => store.readText(at(path)),
  };
}

async function recentCommits(worktreeRoot: string): Promise<ReturnType<typeof parseCommitLog>> {
  const { runGit } = await import('#git');
  const log = await runGit(COMMIT_LOG_ARGUMENTS, { cwd: worktreeRoot });
  return log.code === 0 ? parseCommitLog(log.stdout) : [];
}
