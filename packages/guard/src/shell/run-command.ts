import { join } from 'node:path';
import { patchPaths } from '../hook/patch-paths.ts';
import { bindPositional, setVariables, takeAssignments } from './assignments.ts';
import { openCursor } from './cursor.ts';
import { editorTargets } from './editor-targets.ts';
import { expandWord, type Argument } from './expand.ts';
import { callOf, expandAll, inputOf, knownBy, outputBy, takesOutput } from './known-words.ts';
import { asksForLook } from './look.ts';
import { readOptions } from './options.ts';
import { readTokens } from './read-tokens.ts';
import { MAX_DEPTH, pathOf, type Findings, type Input, type Run } from './run.ts';
import { beginList, changeFolder, createShellState, enterScope, settleFolder } from './shell-state.ts';
import { cutSteps, type SimpleCommand, type Step } from './simple-command.ts';
import { ShellTooComplex, type RedirectToken, type Word } from './syntax.ts';
import { readsScriptFromInput, unwrapCommand, type PlainCommand, type Script } from './unwrap.ts';
import type { Target } from './target.ts';
import { writeTargets } from './write-targets.ts';
import { xargsCommands } from './xargs.ts';

const MAX_COMMANDS = 20_000;
const MAX_WRITES = 5000;
const POSITIONAL = '1 2 3 4 5 6 7 8 9 @'.split(' ');

/** Runs one command in thought: its redirections, what it sets, what it writes, what it runs. */
export function runCommand(command: SimpleCommand, run: Run): void {
  const { findings, state } = run;
  if ((findings.count += 1) > MAX_COMMANDS) throw new ShellTooComplex();
  for (const word of command.words) runNested(word, run);
  for (const redirect of command.redirects) takeRedirect(redirect, run);
  const how = {
    state,
    known: knownBy(run),
    isConditional: command.before === '&&' || command.before === '||',
  };
  const words = takeAssignments(command.words, how);
  const args = expandAll(words, run);
  const input = inputOf(command, run);
  state.piped = undefined;
  if (args.length === 0) return settleFolder(state, command);
  setVariables(args, words, how);
  if (!changeFolder(state, command, { args, home: run.home })) {
    const plain = unwrapCommand(args);
    runPlain(plain, input, run);
    if (command.after.startsWith('|') && !command.redirects.some(takesOutput))
      state.piped = outputBy(plain, input, { ...run, state: { ...state } });
  }
  settleFolder(state, command);
}

function runPlain(plain: PlainCommand, input: Input, outer: Run): void {
  const { folder, program, args } = plain;
  const run =
    folder === undefined ? outer : { ...outer, state: { ...outer.state, cwd: pathOf(folder, outer) } };
  const inner = { ...run, depth: run.depth + 1 };
  const body = run.state.functions.get(program);
  if (body !== undefined) return callFunction(body, args, inner);
  const piped = readsScriptFromInput(plain) ? input?.() : undefined;
  const scripts = piped === undefined ? plain.scripts : [{ text: piped, args: [] }];
  for (const script of scripts) runScript(script, plain.program, inner);
  if (program === 'xargs') {
    for (const each of xargsCommands(args, input?.())) runWords(each, undefined, inner);
  } else if (program === 'dotsquad' || program.startsWith('squad-')) runCovered(args, input, inner);
  else record(plain, input, run);
}

function runWords(words: readonly Argument[], input: Input, run: Run): void {
  if ((run.findings.count += 1) > MAX_COMMANDS || run.depth > MAX_DEPTH) throw new ShellTooComplex();
  runPlain(unwrapCommand(words), input, run);
}

function callFunction(body: readonly Step[], args: readonly Argument[], run: Run): void {
  const before = new Map(run.state.variables);
  bindPositional(run.state, args);
  beginList(run.state);
  run.runSteps(body, run);
  for (const name of POSITIONAL) {
    const value = before.get(name);
    if (value === undefined) run.state.variables.delete(name);
    else run.state.variables.set(name, value);
  }
}

// `eval` acts on this shell; another shell's folder and variables are its own.
function runScript({ text, args }: Script, program: string, run: Run): void {
  if (run.depth > MAX_DEPTH) throw new ShellTooComplex();
  const tokens = readTokens(openCursor(text, run.depth), undefined);
  if (program === 'eval') {
    beginList(run.state);
    return run.runSteps(cutSteps(tokens), run);
  }
  const state = createShellState(run.state.cwd);
  bindPositional(state, args.slice(1));
  for (const [name, body] of run.state.functions) state.functions.set(name, body);
  run.runSteps(cutSteps(tokens), { ...run, state });
}

// Our own programs coordinate themselves; what they run after `--` is judged for its writes only.
function runCovered(args: readonly Argument[], input: Input, run: Run): void {
  const dashes = args.findIndex(({ text }) => text === '--');
  if (dashes === -1) return;
  const covered: Findings = { ...run.findings, commands: [] };
  runWords(args.slice(dashes + 1), input, { ...run, findings: covered });
  run.findings.isPartial ||= covered.isPartial;
  run.findings.wantsLook ||= covered.wantsLook;
}

function record(plain: PlainCommand, input: Input, run: Run): void {
  const { findings, look, state } = run;
  const { program, args } = plain;
  const words = args.map(({ text }) => text ?? '');
  if (program !== '') findings.commands.push([program, ...words]);
  if (program === 'apply_patch' || program === 'applypatch') {
    const paths = [...words, input?.() ?? ''].flatMap(patchPaths);
    for (const text of paths) addWrite({ text, isPattern: false, isRecursive: false }, program, run);
    return;
  }
  const read = input ?? ((): undefined => undefined);
  const targets = [...writeTargets(program, args), ...editorTargets(program, args, read)];
  for (const target of targets) addWrite(target, program, run);
  noteFolders(plain, run);
  if (!asksForLook(program, args)) return;
  findings.wantsLook = true;
  if (look === undefined || state.cwd === undefined) return;
  const deed = look.deed(callOf(plain, input, state.cwd));
  if (deed === undefined) findings.isPartial = true;
  for (const text of deed?.files ?? [])
    addWrite({ text, isPattern: false, isRecursive: false }, program, run);
  for (const each of deed?.commands ?? []) runWords(each, undefined, { ...run, depth: run.depth + 1 });
}

// `mkdir out && cp a.ts out`: what the line itself makes and removes is not there yet, or still.
function noteFolders({ program, args }: PlainCommand, run: Run): void {
  if (program !== 'mkdir' && program !== 'rm') return;
  for (const operand of readOptions(args, ['m', 'mode']).operands) {
    const path = operand.isPattern ? undefined : pathOf(operand, run);
    if (path !== undefined) run.findings.made.set(path, program === 'rm' ? 'nothing' : 'folder');
  }
}

function addWrite(target: Target, by: string, run: Run): void {
  const { isPattern, isRecursive, from, keepsExisting, onlyExisting } = target;
  const named = pathOf(target, run);
  const made = named === undefined ? undefined : run.findings.made.get(named);
  const path =
    named !== undefined && target.into !== undefined && made === 'folder' ? join(named, target.into) : named;
  const into = made === undefined ? target.into : undefined;
  const source = from === undefined ? undefined : pathOf(from, run);
  if (path === undefined || run.findings.writes.length >= MAX_WRITES) run.findings.isPartial = true;
  else if (target.text !== '')
    run.findings.writes.push({
      path,
      isPattern,
      isRecursive,
      by,
      ...(into === undefined ? {} : { into }),
      ...(source === undefined ? {} : { from: source }),
      ...(keepsExisting === true ? { keepsExisting } : {}),
      ...(onlyExisting === true ? { onlyExisting } : {}),
    });
}

const WRITING = new Set(['>', '>>', '>|', '<>', '&>', '&>>', '>&']);

function takeRedirect(redirect: RedirectToken, run: Run): void {
  const { operator, target, heredoc } = redirect;
  runNested(heredoc === undefined ? target : (heredoc.parts ?? []), run);
  if (!WRITING.has(operator) || target.some((part) => part.kind === 'script' && !part.isOutput)) return;
  for (const arg of expandWord(target, knownBy(run))) {
    const isDescriptor = operator === '>&' && /^(?:\d+-?|-)$/u.test(arg.text ?? '');
    if (!isDescriptor) addWrite({ ...arg, isRecursive: false }, operator, run);
  }
}

/** Runs the substitutions in a word. */
export function runNested(word: Word, run: Run): void {
  for (const part of word)
    if (part.kind === 'script')
      run.runSteps(cutSteps(part.tokens), { ...run, state: enterScope(run.state), depth: run.depth + 1 });
}
