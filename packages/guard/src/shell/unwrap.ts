import { UNKNOWN, type Argument } from './expand.ts';

/** A command with what merely runs it taken away. */
export interface PlainCommand {
  readonly program: string;
  readonly args: readonly Argument[];
  /** Scripts that it hands to another shell. */
  readonly scripts: readonly string[];
}

// How many operands of its own a wrapper takes before the command, and which options take a value.
const WRAPPERS: Readonly<Record<string, { readonly own: number; readonly withValue: string }>> = {
  builtin: { own: 0, withValue: '' },
  chronic: { own: 0, withValue: '' },
  command: { own: 0, withValue: '' },
  doas: { own: 0, withValue: 'uC' },
  env: { own: 0, withValue: 'uCS' },
  exec: { own: 0, withValue: 'a' },
  ionice: { own: 0, withValue: 'cnp' },
  nice: { own: 0, withValue: 'n' },
  nohup: { own: 0, withValue: '' },
  setsid: { own: 0, withValue: '' },
  stdbuf: { own: 0, withValue: 'ioe' },
  sudo: { own: 0, withValue: 'ugpCDhRrtT' },
  time: { own: 0, withValue: 'fo' },
  timeout: { own: 1, withValue: 'ks' },
  xargs: { own: 0, withValue: 'IinLPsadE' },
};
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  bun: ['x'],
  bundle: ['exec'],
  bunx: [],
  npx: [],
  pipenv: ['run'],
  pnpm: ['exec', 'dlx'],
  poetry: ['run'],
  uv: ['run'],
  uvx: [],
  yarn: ['exec', 'dlx'],
};
const SHELLS = new Set(['ash', 'bash', 'dash', 'ksh', 'sh', 'zsh']);
const MAX_WRAPPERS = 12;

/** Takes away `sudo`, `env`, `xargs`, `timeout`, `npx`, `git -c` and the like, until the program that does the work. */
export function unwrapCommand(words: readonly Argument[]): PlainCommand {
  let rest = words;
  for (let round = 0; round < MAX_WRAPPERS; round += 1) {
    const program = programName(rest[0]);
    const next = peel(program, rest.slice(1));
    if (next === undefined)
      return { program, args: rest.slice(1), scripts: scriptsOf(program, rest.slice(1)) };
    rest = next;
  }
  return { program: '', args: [], scripts: [] };
}

function programName(word: Argument | undefined): string {
  return word?.text?.split('/').at(-1) ?? '';
}

function peel(program: string, args: readonly Argument[]): readonly Argument[] | undefined {
  const wrapper = Object.hasOwn(WRAPPERS, program) ? WRAPPERS[program] : undefined;
  if (wrapper !== undefined) return peelWrapper(program, args, wrapper);
  const verbs = Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
  if (verbs === undefined) return undefined;
  if (verbs.length > 0 && !verbs.includes(args[0]?.text ?? '')) return undefined;
  return dropOptions(verbs.length > 0 ? args.slice(1) : args, 'pc');
}

function peelWrapper(
  program: string,
  args: readonly Argument[],
  wrapper: { readonly own: number; readonly withValue: string },
): readonly Argument[] {
  let rest = dropOptions(args, wrapper.withValue);
  if (program === 'env' || program === 'sudo') {
    const command = rest.findIndex(({ text }) => !/^[A-Za-z_]\w*=/u.test(text ?? ''));
    rest = command === -1 ? [] : rest.slice(command);
  }
  const inner = rest.slice(wrapper.own);
  if (program !== 'xargs') return inner;
  // What xargs adds is unknown; with -I it stands where the mark is, else at the end.
  const mark = replacementMark(args);
  return mark === undefined
    ? [...inner, UNKNOWN]
    : inner.map((arg) => (arg.text?.includes(mark) === true ? UNKNOWN : arg));
}

function replacementMark(args: readonly Argument[]): string | undefined {
  const at = args.findIndex(({ text }) => /^(?:-I|--replace)/u.test(text ?? ''));
  if (at === -1) return undefined;
  const attached = (args[at]?.text ?? '').replace(/^(?:-I|--replace=?)/u, '');
  return attached === '' ? (args[at + 1]?.text ?? '{}') : attached;
}

function dropOptions(args: readonly Argument[], withValue: string): readonly Argument[] {
  let at = 0;
  for (; at < args.length; at += 1) {
    const text = args[at]?.text;
    if (text === '--') return args.slice(at + 1);
    if (text === undefined || !/^-./u.test(text)) break;
    if (/^-[A-Za-z]$/u.test(text) && withValue.includes(text.charAt(1))) at += 1;
  }
  return args.slice(at);
}

function scriptsOf(program: string, args: readonly Argument[]): readonly string[] {
  if (program === 'eval') {
    const words = args.map(({ text }) => text);
    return words.every((word) => word !== undefined) ? [words.join(' ')] : [];
  }
  if (!SHELLS.has(program)) return [];
  const flag = args.findIndex(({ text }) => /^-[a-z]*c$/u.test(text ?? ''));
  const script = flag === -1 ? undefined : args[flag + 1]?.text;
  return script === undefined ? [] : [script];
}

/** True for a shell that reads its script from standard input: a here-document is then the script. */
export function readsScriptFromInput({ program, args }: PlainCommand): boolean {
  return SHELLS.has(program) && args.every(({ text }) => text === '-s' || /^-[eux]+$/u.test(text ?? 'x'));
}
