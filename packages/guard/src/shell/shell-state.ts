import { resolve } from 'node:path';
import { UNKNOWN, type Argument } from './expand.ts';
import { isOption } from './options.ts';
import type { SimpleCommand, Step } from './simple-command.ts';

/** What the shell would know at a point of a script. */
export interface ShellState {
  /** `undefined` once it cannot be told. */
  cwd: string | undefined;
  /** The folder before the last change, for `cd -`. */
  previous: string | undefined;
  /** Folders that `pushd` left. */
  stack: readonly (string | undefined)[];
  readonly variables: Map<string, readonly Argument[]>;
  readonly functions: Map<string, readonly Step[]>;
  /** What the command before a pipe prints; asked only when something reads it. */
  piped: (() => string | undefined) | undefined;
  /** The folder that surely holds once the running `&&`/`||` list has ended. */
  listCwd: string | undefined;
  /** True while every command of the list so far only changed the folder: then it surely ran. */
  isListSure: boolean;
}

/** The state in which a command line starts. */
export function createShellState(cwd: string | undefined): ShellState {
  return {
    cwd,
    previous: undefined,
    stack: [],
    variables: new Map(),
    functions: new Map(),
    piped: undefined,
    listCwd: cwd,
    isListSure: true,
  };
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
  const target = rest.find(({ text }) => text === undefined || !isOption(text));
  const folder = command.before === '||' ? undefined : newFolder(state, { name, target, home: call.home });
  if (name === 'pushd') state.stack = [...state.stack, state.cwd];
  if (name === 'popd') state.stack = state.stack.slice(0, -1);
  state.previous = state.cwd;
  state.cwd = folder;
  if (state.isListSure) state.listCwd = state.cwd;
  return true;
}

function newFolder(
  { cwd, previous, stack }: ShellState,
  how: {
    readonly name: 'cd' | 'pushd' | 'popd';
    readonly target: Argument | undefined;
    readonly home: string | undefined;
  },
): string | undefined {
  const { name, target, home } = how;
  if (name === 'popd') return target === undefined ? stack.at(-1) : undefined;
  if (target?.isPattern === true || (name === 'pushd' && target === undefined)) return undefined;
  const folder = target === undefined ? home : target.text;
  if (folder === '-') return previous;
  if (folder === undefined || (cwd === undefined && !folder.startsWith('/'))) return undefined;
  return resolve(cwd ?? '/', folder);
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
  const variables = new Map(state.variables);
  return { ...state, variables, functions: new Map(state.functions) };
}

/** After `if … fi` and loops: what was set or changed inside may or may not hold. */
export function leaveBlock(state: ShellState, inside: ShellState): void {
  for (const [name, values] of inside.variables) {
    if (state.variables.get(name) !== values) state.variables.set(name, [UNKNOWN]);
  }
  for (const [name, body] of inside.functions) state.functions.set(name, body);
  if (inside.cwd !== state.cwd) state.cwd = undefined;
  beginList(state);
}
