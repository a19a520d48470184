import { UNKNOWN, type Argument } from './expand.ts';
import { gitTargets } from './git-targets.ts';
import { readOptions } from './options.ts';

/** A path that a command would write. */
export interface Target extends Argument {
  /** True when everything under a folder is meant too. */
  readonly isRecursive: boolean;
  /** Should the path turn out to be a folder, the file of this name in it is meant. */
  readonly into?: string;
}

type Reader = (args: readonly Argument[]) => readonly Target[];

// Made when a command is first judged: most of a client's hooks are about edits.
let readers: Readonly<Record<string, Reader>> | undefined;

/** Paths that a command writes, by its program and arguments; empty for programs that are not known to write. */
export function writeTargets(program: string, args: readonly Argument[]): readonly Target[] {
  readers ??= readersOfPrograms();
  return Object.hasOwn(readers, program) ? (readers[program]?.(args) ?? []) : [];
}

/** A target that is a single file. */
export function fileTarget(arg: Argument): Target {
  return { ...arg, isRecursive: false };
}

/** A target that is a file or everything under a folder. */
export function treeTarget(arg: Argument): Target {
  return { ...arg, isRecursive: true };
}

function present(...args: readonly (Argument | undefined)[]): readonly Argument[] {
  return args.filter((arg) => arg !== undefined);
}

const allOperands =
  (withValue: readonly string[], toTarget: (arg: Argument) => Target = fileTarget): Reader =>
  (args) =>
    readOptions(args, withValue).operands.map(toTarget);

const onlyWith =
  (flags: readonly string[], withValue: readonly string[]): Reader =>
  (args) => {
    const options = readOptions(args, withValue);
    return options.has(...flags) ? options.operands.map(fileTarget) : [];
  };

const optionValue =
  (names: readonly string[], withValue: readonly string[]): Reader =>
  (args) =>
    present(readOptions(args, withValue).value(...names)).map(fileTarget);

// Writes where it copies to; a move also takes away what it moves.
function copyOrMove(isMove: boolean): Reader {
  return (args) => {
    const options = readOptions(args, ['t', 'target-directory', 'S', 'suffix', 'm', 'o', 'g']);
    const folder = options.value('t', 'target-directory');
    const sources = folder === undefined ? options.operands.slice(0, -1) : options.operands;
    const target = folder ?? options.operands.at(-1);
    if (sources.length === 0 || target === undefined) return [];
    const isRecursive = isMove || options.has('r', 'R', 'a', 'recursive', 'archive');
    const written = sources.map((source) => copiedTo(target, source, folder !== undefined));
    return [...written, ...(isMove ? sources : [])].map((arg) => ({ ...arg, isRecursive }));
  };
}

// `cp a.ts dir/` writes `dir/a.ts`; without the slash only the file system knows what `dir` is.
function copiedTo(target: Argument, source: Argument, isFolder: boolean): Argument & { into?: string } {
  const name = source.text?.replace(/\/+$/u, '').split('/').at(-1);
  if (target.text === undefined) return target;
  const isKnown = name !== undefined && !/^\.{0,2}$/u.test(name) && !source.isPattern;
  if (!isFolder && !target.text.endsWith('/')) return isKnown ? { ...target, into: name } : target;
  return isKnown ? { ...target, text: `${target.text.replace(/\/+$/u, '')}/${name}` } : UNKNOWN;
}

// The first operand is the script unless -e or -f gave one. BSD's separate suffix (`-i ''`) is an empty operand.
const streamEditor: Reader = (args) => {
  const options = readOptions(
    args.filter(({ text }) => text !== ''),
    ['e', 'f', 'expression', 'file', 'l'],
  );
  const isInPlace = options.has('in-place') || args.some(({ text }) => /^-[nErsuz]*i/u.test(text ?? ''));
  if (!isInPlace) return [];
  const hasScript = options.has('e', 'f', 'expression', 'file');
  return options.operands.slice(hasScript ? 0 : 1).map(fileTarget);
};

const perlInPlace: Reader = (args) => {
  if (!args.some(({ text }) => /^-[a-zA-Z0]*i/u.test(text ?? ''))) return [];
  const script = args.findIndex(({ text }) => /^-[a-zA-Z0]*[eE]$/u.test(text ?? ''));
  return script === -1
    ? []
    : args
        .slice(script + 2)
        .filter(({ text }) => !/^-./u.test(text ?? ''))
        .map(fileTarget);
};

const awkInPlace: Reader = (args) => {
  const options = readOptions(args, ['i', 'f', 'F', 'v', 'include', 'file']);
  if (!['inplace', 'inplace.awk'].includes(options.value('i', 'include')?.text ?? '')) return [];
  return options.operands.slice(options.has('f', 'file') ? 0 : 1).map(fileTarget);
};

const dd: Reader = (args) =>
  args.flatMap(({ text, isPattern }) =>
    text?.startsWith('of=') === true ? [fileTarget({ text: text.slice(3), isPattern })] : [],
  );

// Writes its name in the working folder when only the target is given.
const link: Reader = (args) => {
  const { operands } = readOptions(args, ['t', 'target-directory', 'S', 'suffix']);
  return operands.length === 2 ? present(operands[1]).map(fileTarget) : [];
};

const patch: Reader = (args) => {
  const options = readOptions(args, ['p', 'i', 'd', 'o', 'D', 'F', 'r', 'B', 'Y', 'z']);
  const outputs = present(options.value('o', 'output'));
  return (outputs.length > 0 ? outputs : options.operands.slice(0, 1)).map(fileTarget);
};

const remoteAware: Reader = (args) =>
  copyOrMove(false)(args)
    .filter(({ text }) => text === undefined || !/^[^/]*:/u.test(text))
    .map(treeTarget);

// Formatters rewrite what they are named. Folders and patterns are left to the next rung: which of their files they
// would really change is not known.
const formatter =
  (flags: readonly string[], withValue: readonly string[] = []): Reader =>
  (args) =>
    onlyWith(
      flags,
      withValue,
    )(args).filter(({ text, isPattern }) => !isPattern && /\.[A-Za-z]\w*$/u.test(text ?? ''));

const readersOfPrograms = (): Readonly<Record<string, Reader>> => ({
  awk: awkInPlace,
  biome: formatter(['write', 'fix', 'apply'], ['config-path']),
  cp: copyOrMove(false),
  curl: optionValue(['o', 'output'], ['o', 'output', 'H', 'X', 'd', 'u', 'A', 'F', 'e', 'b', 'c', 'T']),
  dd,
  eslint: formatter(['fix'], ['c', 'config', 'ext', 'rule', 'f']),
  gawk: awkInPlace,
  git: gitTargets,
  gofmt: formatter(['w']),
  install: copyOrMove(false),
  ln: link,
  mv: copyOrMove(true),
  patch,
  perl: perlInPlace,
  prettier: formatter(['write', 'w'], ['config', 'parser', 'log-level']),
  rm: allOperands([], treeTarget),
  rsync: remoteAware,
  ruby: perlInPlace,
  rustfmt: (args) => (readOptions(args).has('check') ? [] : allOperands(['config', 'edition'])(args)),
  scp: remoteAware,
  sed: streamEditor,
  gsed: streamEditor,
  shred: allOperands(['n', 's', 'iterations', 'size']),
  sort: optionValue(['o', 'output'], ['o', 'output', 'k', 't', 'S', 'T']),
  tee: allOperands([]),
  touch: allOperands(['d', 'date', 'r', 'reference', 't', 'time']),
  truncate: allOperands(['s', 'size', 'r', 'reference']),
  unlink: allOperands([]),
  wget: optionValue(['O', 'output-document'], ['O', 'output-document', 'P', 'U']),
});
