import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  applyAnswers,
  COMMIT_LOG_ARGUMENTS,
  inferFiles,
  parseCommitLog,
  readDocument,
  readFolder,
  type Commit,
  type RawDocument,
  type RepositoryEvidence,
  type SourceDocument,
} from '#plan';
import { runGit } from '#git';
import { SquadError } from '#protocol';
import type { SquadHome, Store } from '#store';
import type { Call } from '../shell/command.ts';
import { STDIN, type FoundDocument } from './find-document.ts';
import { findRenames } from './find-renames.ts';

/** A document as it stands and as it is understood. */
export interface ReadSource {
  readonly document: SourceDocument;
  /** The bytes of the document; of a folder, of its files one after the other. */
  readonly content: Uint8Array;
  readonly files: readonly RawDocument[];
  /** Every text that a diagnostic may show, by its path: documents and answers. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Where the evidence is. */
export interface SourcePlace {
  readonly home: SquadHome;
  readonly tracked: readonly string[];
}

/** Reads a file, or the planning files of a folder, takes in `--answers`, and infers the rest from the repository. */
export async function readSource(call: Call, found: FoundDocument, place: SourcePlace): Promise<ReadSource> {
  const { home } = place;
  // Git tells the history while the document is read.
  const [commits, { read, files, texts }] = await Promise.all([
    home.isGit ? recentCommits(home.worktreeRoot) : [],
    readTexts(call, found),
  ]);
  return {
    document: inferFiles(read, await gatherEvidence(call.io.store, { ...place, commits }, read)),
    content: Buffer.concat(files.map(({ content }) => Buffer.from(content))),
    files,
    texts,
  };
}

/** What the texts say by themselves. */
async function readTexts(
  call: Call,
  found: FoundDocument,
): Promise<Pick<ReadSource, 'files' | 'texts'> & { readonly read: SourceDocument }> {
  const { store, cwd } = call.io;
  const format = call.value('format');
  const options = format === undefined ? {} : { format };
  const isFolder = found.file !== STDIN && store.stat(found.file)?.kind === 'folder';
  const files = isFolder ? filesOf(store, found) : [await rawOf(call, found)];
  if (files.length === 0) throw noFiles(found);
  const [first] = files;
  const read =
    isFolder || first === undefined ? readFolder(found.path, files, options) : readDocument(first, options);
  const answers = call.value('answers');
  const texts = new Map(files.map(({ path, content }) => [path, shown(content)]));
  if (answers === undefined) return { read, files, texts };
  const given = textOf(store, resolve(cwd, answers), answers);
  texts.set(answers, shown(given));
  return { read: applyAnswers(read, given, answers), files, texts };
}

/** A text as diagnostics count its lines. */
function shown(content: string | Uint8Array): string {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  return text.replace(/^\uFEFF/u, '').replace(/\r\n?/gu, '\n');
}

async function rawOf({ io }: Call, { file, path }: FoundDocument): Promise<RawDocument> {
  const content = file === STDIN ? await buffer(io.stdin) : (io.store.readBytes(file) ?? new Uint8Array());
  // What is no text holds a zero early; git decides in the same way.
  if (!content.subarray(0, 8000).includes(0)) return { path, content };
  throw new SquadError({
    code: 'FILE_UNREADABLE',
    message: `${path} is no text`,
    hint: 'name a planning document, as UTF-8: squad-allocate path/to/prd.md',
  });
}

function noFiles({ path }: FoundDocument): SquadError {
  return new SquadError({
    code: 'NO_PRD_FOUND',
    message: `${path === '' ? 'the folder' : path} holds no planning file (.md, .json, .jsonl, .yaml)`,
    hint: 'name a document or another folder: squad-allocate path/to/prd.md',
  });
}

const PLANNING_FILE = /\.(?:md|markdown|json|jsonl|ya?ml)$/u;
const MOST_FILES = 2000;

/** Planning files of a folder and the folders in it, by name. */
export function filesOf(store: Store, folder: FoundDocument): readonly RawDocument[] {
  const names = store.list(folder.file).toSorted();
  const files = names.flatMap((name): readonly RawDocument[] => {
    const found = { file: join(folder.file, name), path: `${folder.path.replace(/\/$/u, '')}/${name}` };
    const kind = store.stat(found.file)?.kind;
    if (kind === 'folder' && !name.startsWith('.') && name !== 'node_modules') return filesOf(store, found);
    return kind === 'file' && PLANNING_FILE.test(name)
      ? [{ path: found.path, content: store.readBytes(found.file) ?? new Uint8Array() }]
      : [];
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
  { home, tracked, commits }: SourcePlace & { readonly commits: readonly Commit[] },
  document: SourceDocument,
): Promise<RepositoryEvidence> {
  const at = (path: string): string => join(home.worktreeRoot, path);
  const owners = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'].find((path) =>
    tracked.includes(path),
  );
  const { worktreeRoot } = home;
  return {
    trackedFiles: tracked,
    commits,
    ...(home.isGit ? await findRenames(document, { worktreeRoot, tracked, commits }) : {}),
    codeowners: owners === undefined ? '' : (store.readText(at(owners)) ?? ''),
    readText: (path) => store.readText(at(path)),
  };
}

async function recentCommits(worktreeRoot: string): Promise<readonly Commit[]> {
  const log = await runGit(COMMIT_LOG_ARGUMENTS, { cwd: worktreeRoot });
  return log.code === 0 ? parseCommitLog(log.stdout) : [];
}
