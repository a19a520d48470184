import { resolve } from 'node:path';
import { openCursor } from './cursor.ts';
import { expandWord, UNKNOWN, type Argument } from './expand.ts';
import { readTokens } from './read-tokens.ts';
import {
  beginList,
  changeFolder,
  createShellState,
  enterScope,
  leaveBlock,
  settleFolder,
  type ShellState,
} from './shell-state.ts';
import { cutSteps, type SimpleCommand } from './simple-command.ts';
import { ShellTooComplex, type RedirectToken, type Token, type Word } from './syntax.ts';
import { readsScriptFromInput, unwrapCommand, type PlainCommand } from './unwrap.ts';
import { patchPaths } from '../hook/patch-paths.ts';
import { writeTargets, type Target } from './write-targets.ts';

/** One place that a command would write. */
export interface ShellWrite {
  /** Absolute; a pattern when `isPattern`. */
  readonly path: string;
  readonly isPattern: boolean;
  /** True when everything under a folder is meant. */
  readonly isRecursive: boolean;
  /** Should `path` be a folder, the file of this name in it is meant. */
  readonly into?: string;
  /** The program, or the redirection operator. */
  readonly by: string;
}

/** What can be known of a shell command without running it. */
export interface ShellAnalysis {
  readonly writes: readonly ShellWrite[];
  /** Words of each simple command, empty where unknown; wrappers such as `sudo` and `npx` taken away. */
  readonly commands: readonly (readonly string[])[];
  /** True when something writes to a place that only the running shell knows, or the script passed the bounds. */
  readonly isPartial: boolean;
}

interface Findings {
  readonly home: string | undefined;
  readonly writes: ShellWrite[];
  readonly commands: (readonly string[])[];
  isPartial: boolean;
}

const MAX_SCRIPTS = 10;

/**
 * Finds what a POSIX or bash command line writes and which commands it runs, by reading it as the shell would: quoting,
 * lists, pipes, subshells, substitutions, here-documents, redirections, loops over literal words, `cd`, and programs that
 * run others. What depends on the running shell is left out, never guessed.
 */
export function analyseShell(
  command: string,
  from: { readonly cwd: string; readonly home: string | undefined },
): ShellAnalysis {
  const findings: Findings = { home: from.home, writes: [], commands: [], isPartial: false };
  try {
    runScript(command, { findings, state: createShellState(from.cwd), depth: 0 });
  } catch (error) {
    if (!(error instanceof ShellTooComplex)) throw error;
    return { writes: [], commands: [], isPartial: true };
  }
  return { writes: findings.writes, commands: findings.commands, isPartial: findings.isPartial };
}

interface Run {
  readonly findings: Findings;
  readonly state: ShellState;
  readonly depth: number;
}

function runScript(text: string, run: Run): void {
  if (run.depth > MAX_SCRIPTS) throw new ShellTooComplex();
  beginList(run.state);
  runTokens(readTokens(openCursor(text, run.depth), undefined), run);
}

function runTokens(tokens: readonly Token[], run: Run): void {
  const outer: ShellState[] = [];
  let { state } = run;
  for (const step of cutSteps(tokens)) {
    if (step.kind === 'command') runCommand(step, { ...run, state });
    else if (step.kind === 'enter') {
      outer.push(state);
      state = enterScope(state);
    } else {
      const before = outer.pop() ?? state;
      state = step.scope === 'subshell' ? before : leaveBlock(before, state);
    }
  }
  run.state.cwd = state.cwd;
}

function runCommand(command: SimpleCommand, run: Run): void {
  const { findings, state } = run;
  for (const word of command.words) runNested(word, run);
  for (const redirect of command.redirects) takeRedirect(redirect, run);
  const words = takeAssignments(command.words, run);
  const args = words.flatMap((word) => expandWord(word, state.variables, findings.home));
  if (args[0]?.text === 'for' || args[0]?.text === 'select') return bindLoop(args, state);
  if (args.length === 0) return settleFolder(state, command);
  if (!changeFolder(state, command, { args, home: findings.home }))
    runPlain(unwrapCommand(args), command, run);
  settleFolder(state, command);
}

function runPlain(plain: PlainCommand, command: SimpleCommand, run: Run): void {
  const inner = { ...run, depth: run.depth + 1 };
  const bodies = command.redirects.flatMap(({ heredoc }) => (heredoc === undefined ? [] : [heredoc.text]));
  const scripts = readsScriptFromInput(plain) ? bodies : plain.scripts;
  for (const script of scripts) {
    // `eval` acts on this shell; another shell's folder is its own.
    const state = plain.program === 'eval' ? run.state : { ...run.state };
    runScript(script, { ...inner, state });
  }
  if (plain.program === 'find')
    for (const part of findCommands(plain.args)) runPlain(unwrapCommand(part), command, inner);
  else if (/^(?:dotsquad$|squad-)/u.test(plain.program)) runCovered(plain, command, inner);
  else record(plain, bodies, run);
}

// Our own programs coordinate themselves; what they run after `--` is judged for its writes only.
function runCovered(plain: PlainCommand, command: SimpleCommand, run: Run): void {
  const dashes = plain.args.findIndex(({ text }) => text === '--');
  if (dashes === -1) return;
  const covered: Findings = { ...run.findings, commands: [] };
  runPlain(unwrapCommand(plain.args.slice(dashes + 1)), command, { ...run, findings: covered });
}

function record(plain: PlainCommand, bodies: readonly string[], run: Run): void {
  const { findings } = run;
  const { program, args } = plain;
  const words = args.map(({ text }) => text ?? '');
  if (program !== '') findings.commands.push([program, ...words]);
  if (program === 'apply_patch' || program === 'applypatch') {
    const paths = [...words, ...bodies].flatMap(patchPaths);
    for (const path of paths) addWrite({ text: path, isPattern: false, isRecursive: false }, program, run);
    return;
  }
  for (const target of writeTargets(program, args)) addWrite(target, program, run);
}

function addWrite(target: Target, by: string, { findings, state }: Run): void {
  const { text, isPattern, isRecursive, into } = target;
  const isAbsolute = text?.startsWith('/') === true;
  if (text === undefined || (!isAbsolute && state.cwd === undefined)) {
    findings.isPartial = true;
    return;
  }
  if (text === '') return;
  const path = resolve(state.cwd ?? '/', text);
  findings.writes.push({ path, isPattern, isRecursive, by, ...(into === undefined ? {} : { into }) });
}

const WRITING = new Set(['>', '>>', '>|', '<>', '&>', '&>>', '>&']);

function takeRedirect(redirect: RedirectToken, run: Run): void {
  const { operator, target, heredoc } = redirect;
  runNested(heredoc?.parts ?? target, run);
  if (!WRITING.has(operator) || target.some(({ kind }) => kind === 'script')) return;
  for (const arg of expandWord(target, run.state.variables, run.findings.home)) {
    const isDescriptor = operator === '>&' && /^(?:\d+-?|-)$/u.test(arg.text ?? '');
    if (!isDescriptor) addWrite({ ...arg, isRecursive: false }, operator, run);
  }
}

function runNested(word: Word, run: Run): void {
  for (const part of word)
    if (part.kind === 'script') runTokens(part.tokens, { ...run, state: { ...run.state } });
}

// `a=1 b=2` alone sets variables for what follows; before a command it sets them for that command only.
function takeAssignments(words: readonly Word[], run: Run): readonly Word[] {
  const { state, findings } = run;
  const first = words.findIndex((word) => assignedName(word) === undefined);
  if (first !== -1) return words.slice(first);
  for (const word of words) {
    const name = assignedName(word);
    const [head, ...rest] = word;
    if (name === undefined || head?.kind !== 'text') continue;
    const value = [{ ...head, text: head.text.slice(name.length + 1) }, ...rest];
    state.variables.set(name, expandWord(value, state.variables, findings.home));
  }
  return [];
}

function assignedName(word: Word): string | undefined {
  const [head] = word;
  return head?.kind === 'text' && !head.isQuoted ? /^([A-Za-z_]\w*)=/u.exec(head.text)?.[1] : undefined;
}

function bindLoop(args: readonly Argument[], state: ShellState): void {
  const name = args[1]?.text;
  if (name !== undefined) state.variables.set(name, args[2]?.text === 'in' ? args.slice(3) : [UNKNOWN]);
}

// `find … -exec rm {} \;`: what it runs, with the found path unknown.
function findCommands(args: readonly Argument[]): readonly (readonly Argument[])[] {
  const commands: Argument[][] = [];
  let current: Argument[] | undefined;
  for (const arg of args) {
    if (/^-(?:exec|execdir|ok|okdir)$/u.test(arg.text ?? '')) commands.push((current = []));
    else if (arg.text === ';' || arg.text === '+') current = undefined;
    else current?.push(arg.text?.includes('{}') === true ? UNKNOWN : arg);
  }
  return commands;
}
