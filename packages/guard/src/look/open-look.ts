import { resolve } from 'node:path';
import type { Store } from '#store';
import type { Call, Deed, Look } from '../shell/look.ts';
import { extractTar, extractZip } from './extract-archive.ts';
import { runFind } from './find.ts';
import { applyByGit, applyPatch } from './apply-patch.ts';
import { boundedText } from './bounded-read.ts';
import { callWords } from './call-words.ts';
import { filterLines } from './filter-lines.ts';
import { printedByGit, printedByGrep } from './listed-files.ts';
import { beginWalk, isFolder, matchPattern } from './walk.ts';

const MAX_TEXT = 4 * 1024 * 1024;

// A loop may ask the same a thousand times, and a different thing each time.
const MAX_LOOKS = 200;

/** A look at the files of a store, for the analysis of one command line. Reads only; bounded in entries, bytes and looks. */
export function openLook(store: Store): Look {
  const left = { looks: MAX_LOOKS };
  return {
    matched: once(left, String, (pattern) => matchPattern(beginWalk(store), pattern)),
    text: once(left, String, (path) => boundedText(store, path, MAX_TEXT)),
    printed: once(left, keyOf, (call) => printed(store, call)),
    deed: once(left, keyOf, (call) => deed(store, call)),
  };
}

function once<Asked, Answer>(
  left: { looks: number },
  keyOfAsked: (asked: Asked) => string,
  look: (asked: Asked) => Answer | undefined,
): (asked: Asked) => Answer | undefined {
  const seen = new Map<string, Answer | undefined>();
  return (asked) => {
    const key = keyOfAsked(asked);
    if (!seen.has(key)) seen.set(key, (left.looks -= 1) >= 0 ? look(asked) : undefined);
    return seen.get(key);
  };
}

function keyOf({ program, args, cwd, input }: Call): string {
  return JSON.stringify([program, args.map(({ text }) => text ?? null), cwd, input() ?? null]);
}

function printed(store: Store, call: Call): string | undefined {
  switch (call.program) {
    case 'find':
      return runFind(store, call)?.printed;
    case 'ls':
      return listed(store, call);
    case 'cat': {
      const words = callWords(call);
      if (words === undefined || words.some((word) => word.startsWith('-'))) return undefined;
      const texts = words.map((word) => boundedText(store, resolve(call.cwd, word), MAX_TEXT));
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

// Named files, or the names in one folder.
function listed(store: Store, call: Call): string | undefined {
  const words = callWords(call);
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
