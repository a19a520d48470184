import type { Call } from '../shell/look.ts';
import { callWords } from './call-words.ts';
import { plainExpression } from './plain-expression.ts';

/** What `sort`, `uniq` and simple calls of `grep` print of the lines that they read; `undefined` where that cannot be told. */
export function filterLines(call: Call): string | undefined {
  const { program, input } = call;
  const words = callWords(call);
  if (words === undefined) return undefined;
  const filter =
    program === 'grep' || program === 'egrep' ? grepFilter(program, words) : orderFilter(program, words);
  const text = filter === undefined ? undefined : input();
  if (text === undefined || text.includes('\0')) return undefined;
  const lines = text.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1);
  return filter?.(lines)
    .map((line) => `${line}\n`)
    .join('');
}

type Filter = (lines: readonly string[]) => readonly string[];

// For what is done with each line its place does not matter.
function orderFilter(program: string, words: readonly string[]): Filter | undefined {
  const isPlain = words.every((word) => /^-[urn]+$/u.test(word));
  if (program === 'sort' && isPlain) return (lines) => [...new Set(lines)].toSorted();
  return program === 'uniq' && words.length === 0 ? (lines) => [...new Set(lines)] : undefined;
}

function grepFilter(program: string, words: readonly string[]): Filter | undefined {
  const options = words.filter((word) => word.startsWith('-'));
  const [pattern, ...files] = words.filter((word) => !word.startsWith('-'));
  if (pattern === undefined || files.length > 0 || options.some((word) => !/^-[vEFi]+$/u.test(word)))
    return undefined;
  const has = (letter: string): boolean => options.some((option) => option.includes(letter));
  const dialect = has('F') ? 'fixed' : program === 'egrep' || has('E') ? 'extended' : 'basic';
  const expression = plainExpression(pattern, dialect, has('i'));
  if (expression === undefined) return undefined;
  return (lines) => lines.filter((line) => expression.test(line) !== has('v'));
}
