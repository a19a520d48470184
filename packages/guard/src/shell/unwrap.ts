import { UNKNOWN, type Argument } from './expand.ts';
import { takeOptions } from './options.ts';
import { peelRunner, type Peeled } from './package-runners.ts';
import { withoutVersion } from './plain-name.ts';

/** A script that a command hands to a shell. */
export interface Script {
  readonly text: string;
  /** `$0`, `$1` … */
  readonly args: readonly Argument[];
}

/** A command with what merely runs it taken away. */
export interface PlainCommand {
  readonly program: string;
  readonly args: readonly Argument[];
  readonly scripts: readonly Script[];
  /** The folder that a wrapper goes to, where it is not the shell's. */
  readonly folder: Argument | undefined;
}

interface Wrapper {
  /** How many operands of its own it takes before the command. */
  readonly own: number;
  /** Its options that take a value: letters, then names. */
  readonly withValue: string;
  /** Those among them that name the folder to run in, or a script. */
  readonly folder?: string;
  readonly script?: string;
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  builtin: { own: 0, withValue: '' },
  busybox: { own: 0, withValue: '' },
  chronic: { own: 0, withValue: '' },
  command: { own: 0, withValue: '' },
  doas: { own: 0, withValue: 'u C' },
  env: { own: 0, withValue: 'u C S unset chdir split-string', folder: 'C chdir', script: 'S split-string' },
  exec: { own: 0, withValue: 'a' },
  flock: { own: 1, withValue: 'w E c command timeout conflict-exit-code', script: 'c command' },
  ionice: { own: 0, withValue: 'c n p class classdata' },
  nice: { own: 0, withValue: 'n adjustment' },
  nohup: { own: 0, withValue: '' },
  runuser: { own: 0, withValue: 'u g G c', script: 'c' },
  setsid: { own: 0, withValue: '' },
  stdbuf: { own: 0, withValue: 'i o e input output error' },
  su: { own: 1, withValue: 'c s g G command', script: 'c command' },
  sudo: {
    own: 0,
    withValue: 'u g p C D h R r t T user group prompt close-from chdir host role type other-user',
    folder: 'D chdir',
  },
  time: { own: 0, withValue: 'f o format output' },
  timeout: { own: 1, withValue: 'k s kill-after signal' },
  unbuffer: { own: 0, withValue: '' },
};
const SHELLS = new Set(['ash', 'bash', 'dash', 'ksh', 'sh', 'zsh']);
const MAX_WRAPPERS = 12;

/** Takes away `sudo`, `env`, `timeout`, `npx`, `pnpm exec` and the like, until the program that does the work. */
export function unwrapCommand(words: readonly Argument[]): PlainCommand {
  let rest = words;
  let folder: Argument | undefined;
  for (let round = 0; round < MAX_WRAPPERS; round += 1) {
    const program = programName(rest[0]);
    const args = rest.slice(1);
    const peeled = peelWrapper(program, args) ?? peelRunner(program, args);
    if (peeled === undefined) return { program, args, scripts: scriptsOf(program, args), folder };
    folder = folder === undefined ? peeled.folder : peeled.folder === undefined ? folder : UNKNOWN;
    if (peeled.script !== undefined)
      return { program: '', args: [], scripts: [{ text: peeled.script, args: [] }], folder };
    rest = peeled.words;
  }
  return { program: '', args: [], scripts: [], folder };
}

// Without its folder, and a tool without its version: `npx prettier@3`.
function programName(word: Argument | undefined): string {
  return withoutVersion(word?.text?.split('/').at(-1) ?? '');
}

function peelWrapper(program: string, args: readonly Argument[]): Peeled | undefined {
  const wrapper = Object.hasOwn(WRAPPERS, program) ? WRAPPERS[program] : undefined;
  if (wrapper === undefined) return undefined;
  const named = (names: string | undefined): readonly string[] => names?.split(' ') ?? [];
  const { rest, value } = takeOptions(args, named(wrapper.withValue));
  const folder = value(named(wrapper.folder));
  const isSetting = program === 'env' || program === 'sudo';
  const command = isSetting ? rest.findIndex(({ text }) => !/^[A-Za-z_]\w*=/u.test(text ?? '')) : 0;
  const words = command === -1 ? [] : rest.slice(command).slice(wrapper.own);
  // `flock FILE -c SCRIPT` and `su USER -c SCRIPT` name the script after their operand.
  const late = wrapper.own > 0 ? takeOptions(words, named(wrapper.withValue)).value : undefined;
  const script = value(named(wrapper.script)) ?? late?.(named(wrapper.script));
  return { words, folder, script: script?.text };
}

function scriptsOf(program: string, args: readonly Argument[]): readonly Script[] {
  if (program === 'eval') {
    const words = args.map(({ text }) => text);
    return words.every((word) => word !== undefined) ? [{ text: words.join(' '), args: [] }] : [];
  }
  if (program === 'parallel') return parallelScripts(args);
  if (!SHELLS.has(program)) return [];
  const flag = args.findIndex(({ text }) => /^-[a-z]*c[a-z]*$/u.test(text ?? ''));
  // `bash -euo pipefail -c …`: the value of `-o` stands between.
  const script = flag === -1 ? undefined : args[flag + 1]?.text;
  return script === undefined ? [] : [{ text: script, args: args.slice(flag + 2) }];
}

// `parallel CMD ::: a b`: the command for each of them, at the end or in place of `{}`.
function parallelScripts(args: readonly Argument[]): readonly Script[] {
  const marks = args.flatMap(({ text }, index) => (text === ':::' ? [index] : []));
  const [at = 0] = marks;
  const words = takeOptions(args.slice(0, at), ['j', 'jobs']).rest.map(({ text }) => text);
  if (marks.length !== 1 || words.includes(undefined)) return [];
  const template = words.join(' ');
  if (/\{[^}]/u.test(template)) return [];
  return args.slice(at + 1).flatMap(({ text }) => {
    if (text === undefined) return [];
    const quoted = `'${text.replaceAll("'", `'\\''`)}'`;
    const isMarked = template.includes('{}');
    return [{ text: isMarked ? template.replaceAll('{}', quoted) : `${template} ${quoted}`, args: [] }];
  });
}

/** True for a shell that reads its script from standard input. */
export function readsScriptFromInput({ program, args }: PlainCommand): boolean {
  return SHELLS.has(program) && args.every(({ text }) => text === '-s' || /^-[eux]+$/u.test(text ?? 'x'));
}
