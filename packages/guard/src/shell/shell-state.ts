import { resolve } from 'node:path';
import type { Argument } from './expand.ts';
import type { SimpleCommand } from './simple-command.ts';

/** What the shell would know at a point of a script. */
export interface ShellState {
  /** `undefined` once it cannot be told. */
  cwd: string | undefined;
  readonly variables: Map<string, readonly Argument[]>;
  /** The folder that surely holds once the running `&&`/`||` list has ended. */
  listCwd: string | undefined;
  /** True while every command of the list so far only changed the folder: then it surely ran. */
  isListSure: boolean;
}

/** The state in which a command line starts. */
export function createShellState(cwd: string): ShellState {
  return { cwd, variables: new Map(), listCwd: cwd, isListSure: true };
}

/** Begins a new `&&`/`||` list at a folder that is as sure as it is. */
export function beginList(state: ShellState): void {
  state.listCwd = state.cwd;
  state.isListSure = true;
}

/** Follows `cd`, `pushd` and `popd`; `false` when the command is none of them. */
export function changeFolder(
  state: ShellState,
  command: SimpleCommand,
  call: { readonly args: readonly Argument[]; readonly home: string | undefined },
): boolean {
  const [program, ...rest] = call.args;
  const name = program?.text;
  if (name !== 'cd' && name !== 'pushd' && name !== 'popd') {
    state.isListSure = false;
    return false;
  }
  // In a pipeline or in the background it happens in a shell of its own.
  const isElsewhere = /^(?:\|&?)$/u.test(command.before) || /^(?:\|&?|&)$/u.test(command.after);
  if (isElsewhere) return true;
  const target = rest.find(({ text }) => text === undefined || !/^-./u.test(text));
  const folder = name === 'popd' ? undefined : target === undefined ? call.home : target.text;
  const isUnknown =
    folder === undefined || folder === '-' || target?.isPattern === true || command.before === '||';
  if (isUnknown) state.cwd = undefined;
  else if (folder.startsWith('/') || state.cwd !== undefined) state.cwd = resolve(state.cwd ?? '/', folder);
  if (state.isListSure) state.listCwd = state.cwd;
  return true;
}

/**
 * At the end of an `&&`/`||` list: a folder changed after something that may have failed (`test -d x && cd x; …`) is
 * no longer known.
 */
export function settleFolder(state: ShellState, command: SimpleCommand): void {
  if (command.after === '&&' || command.after === '||') return;
  if (state.cwd !== state.listCwd) state.cwd = undefined;
  beginList(state);
}

/** The state inside a subshell or a block: a copy, so that leaving can undo it. */
export function enterScope(state: ShellState): ShellState {
  return { ...state, variables: new Map(state.variables) };
}

/** After `if … fi` and loops: variables stay, and a folder that was changed inside may or may not hold. */
export function leaveBlock(before: ShellState, inside: ShellState): ShellState {
  const cwd = inside.cwd === before.cwd ? before.cwd : undefined;
  return { ...inside, cwd, listCwd: cwd, isListSure: true };
}
