import { resolve } from 'node:path';
import type { Store } from '#store';
import type { Call, Deed, Look } from '../shell/look.ts';
import { extractTar, extractZip } from './extract-archive.ts';
import { runFind } from './find.ts';
import { applyByGit, applyPatch } from './apply-patch.ts';
import { filterLines } from './filter-lines.ts';
import { printedByGit, printedByGrep } from './listed-files.ts';
import { beginWalk, isFolder, matchPattern } from './walk.ts';

const MAX_TEXT = 4 * 1024 * 1024;

/** A look at the files of a store, for the analysis of one command line. Reads only; bounded in entries and bytes. */
export function openLook(store: Store): Look {
  return {
    matched: (pattern) => matchPattern(beginWalk(store), pattern),
    text: (path) => readBounded(store, path),
    printed: (call) => printed(store, call),
    deed: (call) => deed(store, call),
  };
}

function readBounded(store: Store, path: string): string | undefined {
  const stat = store.stat(path);
  return stat?.kind === 'file' && stat.size <= MAX_TEXT ? store.readText(path) : undefined;
}

function printed(store: Store, call: Call): string | undefined {
  switch (call.program) {
    case 'find':
      return runFind(store, call)?.printed;
    case 'ls':
      return listed(store, call);
    case 'cat': {
      const words = wordsOf(call);
      if (words === undefined || words.some((word) => word.startsWith('-'))) return undefined;
      const texts = words.map((word) => readBounded(store, resolve(call.cwd, word)));
      return words.length === 0 ? call.input() : texts.includes(undefined) ? undefined : texts.join('');
    }
    case 'git':
      return printedByGit(store, call);
    case 'grep':
      return printedByGrep(store, call) ?? filterLines(call);
    default:
      return filterLines(call);
  }
}

function deed(store: Store, call: Call): Deed | undefined {
  switch (call.program) {
    case 'find': {
      const found = runFind(store, call);
      return found === undefined ? undefined : { files: found.removed, commands: found.commands };
    }
    case 'patch':
      return filesOnly(applyPatch(store, call));
    case 'git':
      return filesOnly(applyByGit(store, call));
    case 'bsdtar':
    case 'tar':
      return filesOnly(extractTar(store, call));
    case 'unzip':
      return filesOnly(extractZip(store, call));
    default:
      return { files: [], commands: [] };
  }
}

function filesOnly(files: readonly string[] | undefined): Deed | undefined {
  return files === undefined ? undefined : { files, commands: [] };
}

/** The words of a call, where all are known. */
function wordsOf({ args }: Call): readonly string[] | undefined {
  const words = args.flatMap(({ text }) => (text === undefined ? [] : [text]));
  return words.length === args.length ? words : undefined;
}

// Named files, or the names in one folder.
function listed(store: Store, call: Call): string | undefined {
  const words = wordsOf(call);
  const options = words?.filter((word) => word.startsWith('-')) ?? [];
  if (words === undefined || options.some((option) => !/^-[1adA]+$/u.test(option))) return undefined;
  const has = (letter: string): boolean => options.some((option) => option.includes(letter));
  const named = words.filter((word) => !word.startsWith('-'));
  const [only = '.'] = named;
  const pathOf = (word: string): string => resolve(call.cwd, word);
  if (has('d') || (named.length > 0 && named.every((word) => store.stat(pathOf(word))?.kind === 'file')))
    return named.map((word) => `${word}\n`).join('');
  if (named.length > 1 || has('a') || !isFolder(store, pathOf(only))) return undefined;
  const names = store.list(pathOf(only)).filter((name) => has('A') || !name.startsWith('.'));
  return names.map((name) => `${name}\n`).join('');
}
