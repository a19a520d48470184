import { join, normalize, resolve } from 'node:path';
import type { Store } from '#store';
import { isOption, readOptions } from '../shell/options.ts';
import type { Call } from '../shell/look.ts';
import { tarWords } from '../shell/tar-words.ts';
import { boundedBytes } from './bounded-read.ts';
import { namePattern } from './name-pattern.ts';
import { tarMembers, zipMembers } from './archive-members.ts';

const MAX_ARCHIVE = 16 * 1024 * 1024;
const MAX_UNPACKED = 64 * 1024 * 1024;
const MAX_MEMBERS = 2000;

/** Files that `tar` unpacks from a plain or gzip archive of up to 16 MB; `undefined` where that cannot be told. */
export function extractTar(store: Store, { args, cwd }: Call): readonly string[] | undefined {
  const words = tarWords(args);
  const options = readOptions(words, ['f', 'file', 'C', 'directory', 'strip-components']);
  if (options.has('O', 'to-stdout', 't', 'list')) return [];
  const known = [
    'x',
    'extract',
    'get',
    'f',
    'file',
    'C',
    'directory',
    'z',
    'gzip',
    'v',
    'verbose',
    'p',
    'strip-components',
    'm',
    'o',
  ];
  if (hasOther(words, known)) return undefined;
  const archive = options.value('f', 'file')?.text;
  const folder = options.has('C', 'directory') ? options.value('C', 'directory')?.text : '.';
  const strip = Number(options.value('strip-components')?.text ?? 0);
  const members = archive === undefined || archive === '-' ? undefined : tarAt(store, resolve(cwd, archive));
  if (members === undefined || folder === undefined || members.length > MAX_MEMBERS) return undefined;
  const wanted = options.operands.map(({ text }) => text ?? '');
  return members
    .filter((name) => wanted.length === 0 || wanted.some((each) => isBelow(name, each)))
    .flatMap((name) => placed(resolve(cwd, folder), name.split('/').slice(strip).join('/')));
}

/** Files that `unzip` unpacks; `undefined` where that cannot be told. */
export function extractZip(store: Store, { args, cwd }: Call): readonly string[] | undefined {
  const options = readOptions(args, ['d']);
  if (options.has('l', 't', 'v', 'p', 'c', 'Z', 'z')) return [];
  const [archive, ...wanted] = options.operands.map(({ text }) => text);
  const folder = options.has('d') ? options.value('d')?.text : '.';
  if (hasOther(args, ['o', 'q', 'd', 'j']) || archive === undefined || folder === undefined) return undefined;
  const bytes = boundedBytes(store, resolve(cwd, archive), MAX_ARCHIVE);
  const members = bytes === undefined ? undefined : zipMembers(bytes);
  const patterns = wanted.map((each) => namePattern(each ?? '[', false));
  if (members === undefined || members.length > MAX_MEMBERS || patterns.includes(undefined)) return undefined;
  return members
    .filter((name) => patterns.length === 0 || patterns.some((matches) => matches?.(name) === true))
    .flatMap((name) =>
      placed(resolve(cwd, folder), options.has('j') ? (name.split('/').at(-1) ?? '') : name),
    );
}

// An option that is not known here may leave members out, or give them other names.
function hasOther(args: Call['args'], known: readonly string[]): boolean {
  const options = args.flatMap(({ text }) => (text !== undefined && isOption(text) ? [text] : []));
  return options.some((option) => {
    if (option.startsWith('--')) return !known.includes(option.slice(2).replace(/=.*$/su, ''));
    const letters = option.slice(1).replace(/[fCd].+$/su, (rest) => rest.charAt(0));
    return letters.split('').some((letter) => !known.includes(letter));
  });
}

function tarAt(store: Store, path: string): readonly string[] | undefined {
  const bytes = boundedBytes(store, path, MAX_ARCHIVE);
  if (bytes === undefined) return undefined;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return tarMembers(bytes);
  try {
    // Loaded only for a packed archive.
    const { gunzipSync } = process.getBuiltinModule('node:zlib');
    return tarMembers(gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }));
  } catch {
    return undefined;
  }
}

function isBelow(name: string, folder: string): boolean {
  const plain = folder.replace(/\/+$/u, '');
  return name === plain || name.startsWith(`${plain}/`);
}

// Both programs take a leading slash away and refuse `..`.
function placed(folder: string, name: string): readonly string[] {
  const relative = normalize(name.replace(/^\/+/u, ''));
  const isOutside = relative === '..' || relative.startsWith('../');
  return name === '' || name.endsWith('/') || relative === '.' || isOutside ? [] : [join(folder, relative)];
}
