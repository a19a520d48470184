import { basename, dirname } from 'node:path';
import type { Argument } from './expand.ts';

const MAX_OUTPUT = 256 * 1024;

/** What `echo`, `printf`, `pwd`, `basename`, `dirname` print; `undefined` where that cannot be told. */
export function plainOutput(
  program: string,
  args: readonly Argument[],
  cwd: string | undefined,
): string | undefined {
  const words = args.flatMap(({ text, isPattern }) => (text === undefined || isPattern ? [] : [text]));
  const length = words.reduce((sum, word) => sum + word.length, 0);
  if (words.length < args.length || length > MAX_OUTPUT) return undefined;
  switch (program) {
    case 'echo':
      return echoed(words);
    case 'printf':
      return formatted(words);
    case 'pwd':
      return cwd === undefined || words.length > 0 ? undefined : `${cwd}\n`;
    case 'basename':
      return words.length === 0 || words.some((word) => word.startsWith('-'))
        ? undefined
        : `${basename(words[0] ?? '', words[1])}\n`;
    case 'dirname':
      return words.length === 1 ? `${dirname(words[0] ?? '')}\n` : undefined;
    default:
      return undefined;
  }
}

// What a backslash means differs between shells.
function echoed(words: readonly string[]): string | undefined {
  const isBare = words[0] === '-n';
  const rest = isBare ? words.slice(1) : words;
  if (rest[0]?.startsWith('-') === true || rest.some((word) => word.includes('\\'))) return undefined;
  return rest.join(' ') + (isBare ? '' : '\n');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0', '\\': '\\' };

// Only `%s` and the usual escapes; the format is used again while arguments are left.
function formatted([format, ...values]: readonly string[]): string | undefined {
  if (format === undefined || format.startsWith('-')) return undefined;
  if (/%(?![s%])|\\(?![nt0\\])|\\0\d/u.test(format)) return undefined;
  const count = format.match(/%s/gu)?.length ?? 0;
  const rounds = count === 0 ? 1 : Math.max(1, Math.ceil(values.length / count));
  if (rounds * format.length > MAX_OUTPUT) return undefined;
  let at = 0;
  const round = (): string =>
    format.replace(/%s|%%|\\(.)/gu, (piece, escape: string | undefined) => {
      if (escape !== undefined) return ESCAPES[escape] ?? '';
      if (piece === '%%') return '%';
      at += 1;
      return values[at - 1] ?? '';
    });
  return Array.from({ length: rounds }, round).join('');
}
