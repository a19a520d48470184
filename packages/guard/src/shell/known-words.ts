import { takeAssignments } from './assignments.ts';
import { expandText, expandWord, type Argument, type Known } from './expand.ts';
import { plainOutput } from './known-output.ts';
import type { Call } from './look.ts';
import { MAX_DEPTH, noFindings, pathOf, type Input, type Run } from './run.ts';
import { enterScope } from './shell-state.ts';
import { cutSteps, type SimpleCommand } from './simple-command.ts';
import { ShellTooComplex, type RedirectToken, type Token, type Word } from './syntax.ts';
import { unwrapCommand, type PlainCommand } from './unwrap.ts';

const MAX_ARGUMENTS = 5000;
const INPUTS = new Set(['<', '<<', '<<-', '<<<']);

/** What is known around a word at a point of a script. */
export function knownBy(run: Run): Known {
  const { state, home } = run;
  return {
    home,
    variable: (name) => {
      const value = state.variables.get(name);
      const own = name === 'HOME' ? home : name === 'PWD' ? state.cwd : undefined;
      return value ?? (own === undefined ? undefined : [{ text: own, isPattern: false }]);
    },
    output: (tokens) => outputOfTokens(tokens, run),
  };
}

/** The words of a command without assignments, expanded. */
export function expandAll(words: readonly Word[], run: Run): readonly Argument[] {
  const known = knownBy(run);
  const args = words.flatMap((word) => expandWord(word, known).flatMap((arg) => matchedBy(arg, run)));
  if (args.length > MAX_ARGUMENTS) throw new ShellTooComplex();
  return args;
}

// With a look at the files a pattern comes to what it matches; like the shell, to itself when that is nothing.
function matchedBy(arg: Argument, run: Run): readonly Argument[] {
  const { look, state } = run;
  const { text } = arg;
  const pattern = arg.isPattern ? pathOf(arg, run) : undefined;
  if (look === undefined || pattern === undefined || text === undefined) return [arg];
  const paths = look.matched(pattern);
  const root = text.startsWith('/') ? '' : `${state.cwd ?? ''}/`;
  if (paths === undefined) return [arg];
  if (paths.length === 0) return [{ text, isPattern: false }];
  return paths.map((path) => ({
    text: path.startsWith(root) ? path.slice(root.length) : path,
    isPattern: false,
  }));
}

/** A command's words after its assignments; alone, these are made. */
export function wordsOf(command: SimpleCommand, run: Run): readonly Word[] {
  const known = knownBy(run);
  return takeAssignments(command.words, { state: run.state, known, isConditional: false });
}

/** What a command reads: a here-document, a here-string, a file, or what stands before the pipe. */
export function inputOf(command: SimpleCommand, run: Run): Input {
  const { state, look } = run;
  const redirect = command.redirects.findLast(({ operator }) => INPUTS.has(operator));
  if (redirect === undefined) return command.before.startsWith('|') ? state.piped : undefined;
  const { operator, target, heredoc } = redirect;
  const known = knownBy({ ...run, state: { ...state } });
  if (heredoc !== undefined)
    return () => (heredoc.parts === undefined ? heredoc.text : expandText(heredoc.parts, known));
  if (operator === '<<<') {
    const text = expandText(target, known);
    return () => (text === undefined ? undefined : `${text}\n`);
  }
  const [part] = target;
  if (part?.kind === 'script' && !part.isOutput) return () => known.output(part.tokens);
  const path = pathOf({ text: expandText(target, known), isPattern: false }, run);
  return () => {
    run.findings.wantsLook = true;
    return path === undefined ? undefined : look?.text(path);
  };
}

/** What a command prints into a pipe. */
export function outputBy(plain: PlainCommand, input: Input, run: Run): () => string | undefined {
  return () => {
    const { program, args, folder } = plain;
    const { cwd } = run.state;
    const text = plainOutput(program, args, cwd);
    if (text !== undefined || folder !== undefined || cwd === undefined) return text;
    run.findings.wantsLook = true;
    return run.look?.printed(callOf(plain, input, cwd));
  };
}

/** A program with what it is given. */
export function callOf({ program, args }: PlainCommand, input: Input, cwd: string): Call {
  return { program, args, cwd, input: input ?? ((): undefined => undefined) };
}

// Of a single pipeline without redirections of its output.
function outputOfTokens(tokens: readonly Token[], run: Run): string | undefined {
  const steps = cutSteps(tokens);
  const state = enterScope(run.state);
  const scratch = noFindings(run.findings.count);
  const inner: Run = { ...run, state, findings: scratch, depth: run.depth + 1 };
  if (inner.depth > MAX_DEPTH) throw new ShellTooComplex();
  let piped: Input;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    if (step.kind !== 'command' || (!isLast && step.after !== '|')) return undefined;
    if (step.redirects.some(takesOutput)) return undefined;
    state.piped = piped;
    const args = expandAll(wordsOf(step, inner), inner);
    piped = outputBy(unwrapCommand(args), step.before === '|' ? piped : undefined, inner);
  }
  const text = piped?.();
  run.findings.wantsLook ||= scratch.wantsLook;
  return text;
}

/** True for a redirection of standard output. */
export function takesOutput({ operator, descriptor }: RedirectToken): boolean {
  return operator.includes('>') && (descriptor === '' || descriptor === '1');
}
