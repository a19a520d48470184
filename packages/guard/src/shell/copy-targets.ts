import { UNKNOWN, type Argument } from './expand.ts';
import { readOptions, type Options } from './options.ts';
import { fileTarget, treeTarget, type Target, type TargetReader } from './target.ts';

/** What `cp`, `install` and `mv` write: where they copy to; a move also takes away what it moves. */
export function copyTargets(isMove: boolean): TargetReader {
  return (args) => {
    const options = readOptions(args, [
      't',
      'target-directory',
      'S',
      'suffix',
      'm',
      'mode',
      'o',
      'owner',
      'g',
      'group',
    ]);
    const folder = options.value('t', 'target-directory');
    const sources = folder === undefined ? options.operands.slice(0, -1) : options.operands;
    const target = folder ?? options.operands.at(-1);
    // What is newer is only known when it runs; `install -d` makes folders.
    if (sources.length === 0 || target === undefined || options.has('u', 'update', 'd', 'directory'))
      return [];
    const isWhole = isMove || options.has('r', 'R', 'a', 'recursive', 'archive');
    const keepsExisting = options.has('n', 'no-clobber');
    const place = placeOf(options, isWhole, folder !== undefined);
    const written = sources.map((source): Target => ({
      ...copiedTo(target, source, place),
      isRecursive: false,
      ...(isWhole ? { from: source } : {}),
      ...(keepsExisting ? { keepsExisting } : {}),
    }));
    return isMove && !keepsExisting ? [...written, ...sources.map(treeTarget)] : written;
  };
}

const FILTERS =
  'n dry-run exclude exclude-from include filter files-from u update existing ignore-existing max-size min-size C cvs-exclude f m R relative list-only';

/** What `rsync` and `scp` write here; what they would leave out by a filter is not judged. */
export const syncTargets: TargetReader = (args) => {
  const options = readOptions(args, ['e', 'rsh', 'P', 'i', 'F', 'o', 'c', 'l', 'chmod', 'chown']);
  const target = options.operands.at(-1);
  const sources = options.operands.slice(0, -1).filter(({ text }) => text === undefined || !isRemote(text));
  const isFiltered = options.has(...FILTERS.split(' '));
  if (target?.text === undefined || isRemote(target.text) || isFiltered) return [];
  if (sources.length < options.operands.length - 1) return [fileTarget(target)];
  const isDeleting = options.has('delete', 'delete-after', 'delete-before', 'delete-during', 'del');
  const written = sources.map((source): Target => {
    const isContent = source.text?.endsWith('/') === true;
    const place = isContent ? { ...target, text: target.text } : copiedTo(target, source, 'slash');
    return { ...place, isRecursive: false, from: source };
  });
  return isDeleting ? [...written, treeTarget(target)] : written;
};

function isRemote(text: string): boolean {
  return /^[^/]*:/u.test(text);
}

/** What `ln` makes: the last operand, a name in it, or with one operand its name in the working folder. */
export const linkTargets: TargetReader = (args) => {
  const options = readOptions(args, ['t', 'target-directory', 'S', 'suffix']);
  const folder = options.value('t', 'target-directory');
  const { operands } = options;
  const isFixed = options.has('n', 'no-dereference', 'T', 'no-target-directory');
  const isInFolder = folder !== undefined || operands.length === 1;
  const place = isInFolder ? 'folder' : isFixed ? 'name' : 'slash';
  const target = folder ?? (operands.length === 1 ? { text: './', isPattern: false } : operands.at(-1));
  const sources = isInFolder ? operands : operands.slice(0, -1);
  if (target === undefined) return [];
  return sources.map((source) => ({ ...copiedTo(target, source, place), isRecursive: false }));
};

type Place = 'folder' | 'name' | 'either' | 'slash';

// A folder may be copied to a name with a slash that is not there yet.
function placeOf(options: Options, isWhole: boolean, isFolder: boolean): Place {
  if (isFolder) return 'folder';
  if (options.has('T', 'no-target-directory')) return 'name';
  return isWhole ? 'either' : 'slash';
}

// `cp a.ts dir/` writes `dir/a.ts`; without the slash only the file system knows what `dir` is.
function copiedTo(target: Argument, source: Argument, place: Place): Argument & { readonly into?: string } {
  const name = source.text?.replace(/\/+$/u, '').split('/').at(-1);
  if (target.text === undefined || place === 'name') return target;
  // `cp -r a/. b` puts what is in a into b.
  if (name === '.') return target;
  const isKnown = name !== undefined && name !== '' && name !== '..' && !source.isPattern;
  const isFolder =
    place === 'folder' || (place === 'slash' && target.text.endsWith('/')) || /^\.{1,2}$/u.test(target.text);
  if (!isFolder) return isKnown ? { ...target, into: name } : target;
  return isKnown ? { ...target, text: `${target.text.replace(/\/+$/u, '')}/${name}` } : UNKNOWN;
}
