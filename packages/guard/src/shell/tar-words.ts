import type { Argument } from './expand.ts';

/** The arguments of `tar` with a dash before the letters that may stand first without one: `tar xf a.tar`. */
export function tarWords(args: readonly Argument[]): readonly Argument[] {
  const [first, ...rest] = args;
  const letters = /^-?([a-zA-Z]+)$/u.exec(first?.text ?? '')?.[1];
  return letters === undefined ? args : [{ text: `-${letters}`, isPattern: false }, ...rest];
}
