import { join, resolve } from 'node:path';
import type { Store } from '#store';
import { readOptions, type Options } from '../shell/options.ts';
import type { Call } from '../shell/look.ts';
import { readGitCall } from '../shell/git-targets.ts';
import { boundedText } from './bounded-read.ts';
import { readUnifiedDiff, type PatchedFile } from './unified-diff.ts';
import { checkoutRoot } from './walk.ts';

const MAX_PATCH = 4 * 1024 * 1024;
const PATCH_VALUES =
  'p strip i input d directory o output D ifdef F fuzz r reject-file B prefix Y basename-prefix z suffix V version-control';

/** Files that `patch` changes; `undefined` where the patch cannot be read or a name is not certain. */
export function applyPatch(store: Store, call: Call): readonly string[] | undefined {
  const options = readOptions(call.args, PATCH_VALUES.split(' '));
  // A file that is named, and an output, are seen in the command line.
  const [original, named] = options.operands;
  if (options.has('dry-run', 'o', 'output')) return [];
  const directory = options.value('d', 'directory');
  const folder = folderOf(call.cwd, directory?.text, directory !== undefined);
  if (folder === undefined) return undefined;
  if (original !== undefined) return directory === undefined ? [] : [resolve(folder, original.text ?? '')];
  const input = options.value('i', 'input') ?? named;
  const files = patchedBy(input === undefined ? call.input() : textAt(store, folder, input.text));
  const strip = options.value('p', 'strip')?.text;
  return files === undefined ? undefined : all(files.map((file) => targetOf(file, { folder, strip })));
}

// Without `-p` the program looks for a name of its own; what is certain is a name without folders.
function targetOf(
  { oldName, newName }: PatchedFile,
  { folder, strip }: { readonly folder: string; readonly strip: string | undefined },
): readonly string[] | undefined {
  const names = [oldName, newName].flatMap((name) =>
    name === undefined ? [] : [stripped(name, Number(strip ?? 0))],
  );
  const [first] = names;
  if (first === undefined || names.some((name) => name !== first)) return undefined;
  return strip === undefined && first.includes('/') ? undefined : [resolve(folder, first)];
}

/** Files that `git apply` and `git am` change. Their names count from the top of the checkout. */
export function applyByGit(store: Store, call: Call): readonly string[] | undefined {
  const { verb, args, folder } = readGitCall(call.args);
  const cwd = folderOf(call.cwd, folder?.text, folder !== undefined);
  if (cwd === undefined) return undefined;
  const options = readOptions(args, [
    'p',
    'directory',
    'C',
    'exclude',
    'include',
    'build-fake-ancestor',
    'S',
    'whitespace',
    'patch-format',
  ]);
  if (writesNothing(verb, options)) return [];
  if (options.has('include', 'exclude', 'unsafe-paths', 'no-index')) return undefined;
  const texts =
    options.operands.length === 0 || options.operands.some(({ text }) => text === '-')
      ? [call.input()]
      : options.operands.map(({ text }) => textAt(store, cwd, text));
  const files = texts.map(patchedBy);
  const top = checkoutRoot(store, cwd) ?? cwd;
  const strip = Number(options.value('p')?.text ?? 1);
  const base = join(top, options.value('directory')?.text ?? '');
  const paths = all(files.map((each) => (each === undefined ? undefined : namesByGit(each, strip))));
  // From a sub-folder it leaves alone what lies outside of that.
  return paths?.map((path) => join(base, path)).filter((path) => cwd === top || path.startsWith(`${cwd}/`));
}

function writesNothing(verb: string, options: Options): boolean {
  if (verb === 'am')
    return options.has('abort', 'continue', 'skip', 'quit', 'show-current-patch', 'r', 'resolved');
  return options.has('check', 'stat', 'numstat', 'summary', 'cached') && !options.has('apply');
}

function namesByGit(files: readonly PatchedFile[], strip: number): readonly string[] {
  return files.flatMap(({ oldName, newName, renamed }) => [
    ...[oldName, newName].flatMap((name) => (name === undefined ? [] : [stripped(name, strip)])),
    ...renamed.map((name) => stripped(name, strip - 1)),
  ]);
}

function stripped(name: string, count: number): string {
  return name.split('/').slice(Math.max(count, 0)).join('/');
}

function patchedBy(text: string | undefined): readonly PatchedFile[] | undefined {
  return text === undefined ? undefined : readUnifiedDiff(text);
}

function textAt(store: Store, folder: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : boundedText(store, resolve(folder, path), MAX_PATCH);
}

function folderOf(cwd: string, named: string | undefined, isNamed: boolean): string | undefined {
  if (!isNamed) return cwd;
  return named === undefined ? undefined : resolve(cwd, named);
}

// Everything, or nothing where one part is not known.
function all<T>(parts: readonly (readonly T[] | undefined)[]): readonly T[] | undefined {
  const known = parts.flatMap((part) => part ?? []);
  return parts.includes(undefined) ? undefined : [...new Set(known)];
}
