import type { Call } from '../shell/look.ts';

/** The words that a program is given, where all are known. */
export function callWords({ args }: Pick<Call, 'args'>): readonly string[] | undefined {
  const words = args.flatMap(({ text }) => (text === undefined ? [] : [text]));
  return words.length === args.length ? words : undefined;
}
