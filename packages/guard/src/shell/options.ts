import type { Argument } from './expand.ts';

/** True for a word that begins like an option; a lone `-` means standard input. */
export function isOption(text: string): boolean {
  return text.startsWith('-') && text.length > 1;
}

/** A command's arguments, told apart. */
export interface Options {
  readonly operands: readonly Argument[];
  readonly has: (...names: readonly string[]) => boolean;
  readonly value: (...names: readonly string[]) => Argument | undefined;
}

/**
 * Reads arguments by the usual conventions: `-abc`, `-t DIR`, `-tDIR`, `--name`, `--name=value`, `--`.
 * `withValue` names the options that take one. Options may stand after operands, as GNU programs allow.
 */
export function readOptions(args: readonly Argument[], withValue: readonly string[] = []): Options {
  const operands: Argument[] = [];
  const found = new Map<string, Argument | undefined>();
  let isOver = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    const text = arg?.text;
    if (arg === undefined) break;
    if (isOver || text === undefined || !isOption(text)) operands.push(arg);
    else if (text === '--') isOver = true;
    else if (readOne(text, { next: args[index + 1], withValue, found })) index += 1;
  }
  return {
    operands,
    has: (...names) => names.some((name) => found.has(name)),
    value: (...names) => names.map((name) => found.get(name)).find((value) => value !== undefined),
  };
}

// True when the option took the next argument.
function readOne(
  text: string,
  how: {
    readonly next: Argument | undefined;
    readonly withValue: readonly string[];
    readonly found: Map<string, Argument | undefined>;
  },
): boolean {
  const { next, withValue, found } = how;
  if (text.startsWith('--')) {
    const [name = '', ...value] = text.slice(2).split('=');
    const takesNext = value.length === 0 && withValue.includes(name);
    found.set(name, takesNext ? next : { text: value.join('='), isPattern: false });
    return takesNext;
  }
  for (let at = 1; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (!withValue.includes(letter)) {
      found.set(letter, undefined);
      continue;
    }
    const attached = text.slice(at + 1);
    found.set(letter, attached === '' ? next : { text: attached, isPattern: false });
    return attached === '';
  }
  return false;
}

/** Splits the options at the front of a command line off; `withValue` names those that take one. */
export function takeOptions(
  args: readonly Argument[],
  withValue: readonly string[],
): {
  readonly rest: readonly Argument[];
  readonly value: (names: readonly string[]) => Argument | undefined;
} {
  const found = new Map<string, Argument | undefined>();
  const value = (names: readonly string[]): Argument | undefined =>
    names.map((name) => found.get(name)).find((each) => each !== undefined);
  let at = 0;
  for (; at < args.length; at += 1) {
    const text = args[at]?.text;
    if (text === '--') return { rest: args.slice(at + 1), value };
    if (text === undefined || !isOption(text)) break;
    const [, name = '', attached] = /^--?([^=]+)(?:=(.*))?$/su.exec(text) ?? [];
    const takesNext = attached === undefined && withValue.includes(name);
    found.set(name, takesNext ? args[at + 1] : { text: attached ?? '', isPattern: false });
    if (takesNext) at += 1;
  }
  return { rest: args.slice(at), value };
}
