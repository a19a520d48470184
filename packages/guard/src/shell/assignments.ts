import { expandText, expandWord, UNKNOWN, type Argument, type Known } from './expand.ts';
import type { ShellState } from './shell-state.ts';
import type { Word } from './syntax.ts';

// Doubled in a loop, a value would fill the memory.
const MAX_VALUE = 65_536;
const MAX_ELEMENTS = 2000;
const DECLARING = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);

/** The words after the assignments at the front; those alone (`a=1 b=2`) are made, those before a command hold for it only. */
export function takeAssignments(
  words: readonly Word[],
  how: { readonly state: ShellState; readonly known: Known; readonly isConditional: boolean },
): readonly Word[] {
  const first = words.findIndex((word) => assignment(word) === undefined);
  if (first !== -1) return words.slice(first);
  for (const word of words) assign(word, how);
  return [];
}

/** Follows the commands that set variables: `export a=1`, `read a`, `unset a`, `set -- a b`, `(( a++ ))`. */
export function setVariables(
  args: readonly Argument[],
  words: readonly Word[],
  how: { readonly state: ShellState; readonly known: Known; readonly isConditional: boolean },
): void {
  const { variables } = how.state;
  const [program, ...rest] = args;
  const name = program?.text ?? '';
  const forget = (names: readonly (string | undefined)[]): void => {
    for (const each of names) if (each !== undefined) variables.set(each, [UNKNOWN]);
  };
  if (DECLARING.has(name)) {
    for (const word of words.slice(1)) if (assignment(word) !== undefined) assign(word, how);
  } else if (name === 'read' || name === 'unset' || name === 'getopts') forget(rest.map(({ text }) => text));
  else if (name === 'mapfile' || name === 'readarray') forget(rest.map(({ text }) => `${text ?? ''}[@]`));
  else if (name === 'printf' && rest[0]?.text === '-v') forget([rest[1]?.text]);
  else if (name === 'shift') bindPositional(how.state, undefined);
  else if (name === 'set' && rest[0]?.text === '--') bindPositional(how.state, rest.slice(1));
  else if (name.startsWith('((') || name === 'let')
    for (const { text } of args) forget(text?.match(/[A-Za-z_]\w*/gu) ?? []);
}

/** Sets `$1`, `$2` … and `$@`; without values nothing is known of them. */
export function bindPositional({ variables }: ShellState, values: readonly Argument[] | undefined): void {
  for (let index = 1; index <= 9; index += 1) {
    const value = values === undefined ? UNKNOWN : (values[index - 1] ?? { text: '', isPattern: false });
    variables.set(String(index), [value]);
  }
  variables.set('@', values ?? [UNKNOWN]);
}

function assign(
  word: Word,
  {
    state,
    known,
    isConditional,
  }: { readonly state: ShellState; readonly known: Known; readonly isConditional: boolean },
): void {
  const { name = '', isAdded, value } = assignment(word) ?? { isAdded: false, value: word };
  const text = expandText(value, known);
  const old = isAdded ? (known.variable(name)?.[0]?.text ?? undefined) : '';
  const isUnsure =
    text === undefined ||
    old === undefined ||
    old.length + text.length > MAX_VALUE ||
    (isConditional && state.variables.has(name));
  state.variables.set(name, [isUnsure ? UNKNOWN : { text: old + text, isPattern: false }]);
}

/** Binds `name=(…)`. */
export function assignArray(
  name: string,
  words: readonly Word[],
  how: { readonly state: ShellState; readonly known: Known },
): void {
  const values = words.flatMap((word) => expandWord(word, how.known));
  const isTooLong = values.length > MAX_ELEMENTS;
  how.state.variables.set(`${name}[@]`, isTooLong ? [UNKNOWN] : values);
  how.state.variables.set(name, isTooLong ? [UNKNOWN] : values.slice(0, 1));
}

function assignment(
  word: Word,
): { readonly name: string; readonly isAdded: boolean; readonly value: Word } | undefined {
  const [head, ...rest] = word;
  if (head?.kind !== 'text' || head.isQuoted || !head.text.includes('=')) return undefined;
  const [all, name, plus] = /^([A-Za-z_]\w*)(\+?)=/u.exec(head.text) ?? [];
  if (all === undefined || name === undefined) return undefined;
  return { name, isAdded: plus === '+', value: [{ ...head, text: head.text.slice(all.length) }, ...rest] };
}
