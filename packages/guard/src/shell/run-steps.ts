import { assignArray, setVariables } from './assignments.ts';
import { UNKNOWN, type Argument } from './expand.ts';
import { expandAll, inputOf, knownBy, wordsOf } from './known-words.ts';
import { runCommand, runNested } from './run-command.ts';
import { MAX_DEPTH, type Input, type Run } from './run.ts';
import { beginList, enterScope, leaveBlock } from './shell-state.ts';
import type { Step } from './simple-command.ts';
import { ShellTooComplex } from './syntax.ts';

const MAX_VALUES = 2000;

/** Runs a script in thought, adding to the findings: every branch may run, a loop runs once for each value that is known. */
export function runSteps(steps: readonly Step[], run: Run): void {
  if (run.depth > MAX_DEPTH) throw new ShellTooComplex();
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at];
    if (step?.kind === 'command') runCommand(step, run);
    else if (step?.kind === 'array')
      assignArray(step.name, step.words, { state: run.state, known: knownBy(run) });
    else if (step?.kind === 'function') {
      const end = matchingLeave(steps, at + 1);
      run.state.functions.set(step.name, steps.slice(at + 1, end + 1));
      at = end;
    } else if (step?.kind === 'enter') {
      const end = matchingLeave(steps, at);
      runCompound(step, steps.slice(at + 1, end), { run, next: steps.slice(end, end + 2) });
      at = end;
    }
  }
}

function matchingLeave(steps: readonly Step[], start: number): number {
  let depth = 0;
  for (let at = start; at < steps.length; at += 1) {
    const kind = steps[at]?.kind;
    if (kind === 'enter') depth += 1;
    if (kind === 'leave') depth -= 1;
    if (depth === 0) return at;
  }
  return steps.length - 1;
}

type Enter = Extract<Step, { kind: 'enter' }>;

function runCompound(
  enter: Enter,
  body: readonly Step[],
  around: { readonly run: Run; readonly next: readonly Step[] },
): void {
  const { run } = around;
  const { state } = run;
  const [leave, after] = around.next;
  const isPiped =
    enter.before.startsWith('|') || (leave?.kind === 'leave' && /^(?:\|&?|&)$/u.test(leave.after));
  const isAttached = leave?.kind === 'leave' && leave.after === '' && after?.kind === 'command';
  const input = isAttached ? inputOf(after, run) : enter.before.startsWith('|') ? state.piped : undefined;
  const inside = enter.scope === 'group' && !isPiped ? state : enterScope(state);
  const inner: Run = { ...run, state: inside, depth: run.depth + 1 };
  if (enter.scope === 'block') runBlock(enter.keyword, body, { run: inner, input });
  else runSteps(body, inner);
  if (enter.scope === 'block' && !isPiped) leaveBlock(state, inside);
  state.piped = undefined;
}

function runBlock(
  keyword: string,
  body: readonly Step[],
  how: { readonly run: Run; readonly input: Input },
): void {
  const { run } = how;
  const [head, ...rest] = body;
  const words = head?.kind === 'command' ? expandAll(wordsOf(head, run), run) : [];
  const loop =
    keyword === 'for' || keyword === 'select' ? forLoop(words, run) : whileRead(keyword, words, how.input);
  if (loop === undefined) return runSteps(body, run);
  if (head?.kind === 'command') for (const word of head.words) runNested(word, run);
  for (const values of loop.rounds) {
    for (const [index, name] of loop.names.entries())
      run.state.variables.set(name, [values[index] ?? UNKNOWN]);
    beginList(run.state);
    runSteps(rest, run);
  }
}

interface Loop {
  readonly names: readonly string[];
  readonly rounds: readonly (readonly Argument[])[];
}

function forLoop(args: readonly Argument[], run: Run): Loop | undefined {
  const name = args[1]?.text;
  if (name === undefined) return undefined;
  if (name.startsWith('((')) {
    setVariables(args.slice(1), [], { state: run.state, known: knownBy(run), isConditional: false });
    return { names: [], rounds: [[]] };
  }
  const values = args[2]?.text === 'in' ? args.slice(3) : (run.state.variables.get('@') ?? [UNKNOWN]);
  if (values.some(({ isPattern }) => isPattern)) run.findings.wantsLook = true;
  const rounds = values.length > MAX_VALUES ? [[UNKNOWN]] : values.map((value) => [value]);
  return { names: [name], rounds };
}

// `while read -r name`: a round for each line, where the lines are known.
function whileRead(keyword: string, args: readonly Argument[], input: Input): Loop | undefined {
  if ((keyword !== 'while' && keyword !== 'until') || args[0]?.text !== 'read') return undefined;
  const words = args.slice(1).map(({ text }) => text ?? '');
  const isNulEnded = words.some((word, index) => /^-r?d$/u.test(word) && words[index + 1] === '');
  const names = words.filter((word) => /^[A-Za-z_]\w*$/u.test(word));
  const text = names.length === 1 ? input?.() : undefined;
  const lines = text?.split(isNulEnded ? '\0' : '\n').slice(0, -1) ?? [];
  const isKnown = text !== undefined && lines.length <= MAX_VALUES && !text.includes('\\');
  const rounds = isKnown
    ? lines.map((line) => [{ text: isNulEnded ? line : line.trim(), isPattern: false }])
    : [[]];
  return { names, rounds };
}
