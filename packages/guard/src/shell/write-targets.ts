import { UNKNOWN, type Argument } from './expand.ts';
import { copyTargets, linkTargets, syncTargets } from './copy-targets.ts';
import { gitTargets } from './git-targets.ts';
import { isOption, readOptions } from './options.ts';
import { tarWords } from './tar-words.ts';
import { fileTarget, treeTarget, type Target, type TargetReader } from './target.ts';

// Made when a command is first judged: most of a client's hooks are about edits.
let readers: Readonly<Record<string, TargetReader>> | undefined;

/** Paths that a command writes, by its program and arguments; empty for programs that are not known to write. */
export function writeTargets(program: string, args: readonly Argument[]): readonly Target[] {
  readers ??= readersOfPrograms();
  return Object.hasOwn(readers, program) ? (readers[program]?.(args) ?? []) : [];
}

function present(...args: readonly (Argument | undefined)[]): readonly Argument[] {
  return args.filter((arg) => arg !== undefined);
}

const named = (words: string): readonly string[] => words.split(' ');

// Every operand, unless one of the flags makes it look only.
const operands =
  (withValue = '', unless = ''): TargetReader =>
  (args) => {
    const options = readOptions(args, named(withValue));
    return options.has(...named(unless)) ? [] : options.operands.map(fileTarget);
  };

// The value of an option; `-` is the standard output.
const optionValue =
  (names: string, withValue = ''): TargetReader =>
  (args) =>
    present(readOptions(args, [...named(names), ...named(withValue)]).value(...named(names)))
      .filter(({ text }) => text !== '-')
      .map(fileTarget);

const remove: TargetReader = (args) => readOptions(args).operands.map(treeTarget);

// `-i.bak` keeps the old text under another name, in which a `*` stands for the file's.
function withBackup(files: readonly Argument[], suffix: string): readonly Target[] {
  const kept = suffix === '' || suffix.includes('/') ? [] : files.map((file) => backupOf(file, suffix));
  return [...files, ...kept].map(fileTarget);
}

function backupOf({ text, isPattern }: Argument, suffix: string): Argument {
  const at = (text?.lastIndexOf('/') ?? -1) + 1;
  const name = text?.slice(at) ?? '';
  const kept = suffix.includes('*') ? suffix.replaceAll('*', name) : name + suffix;
  return text === undefined || isPattern ? UNKNOWN : { text: text.slice(0, at) + kept, isPattern };
}

// The first operand is the script unless -e or -f gave one. BSD's separate suffix (`-i ''`) is an empty operand.
const streamEditor: TargetReader = (args) => {
  const options = readOptions(
    args.filter(({ text }) => text !== ''),
    ['e', 'f', 'expression', 'file', 'l'],
  );
  const inPlace = args.map(({ text }) => /^(?:-[nErsuz]*i|--in-place=?)(.*)$/u.exec(text ?? '')?.[1]);
  const suffix = inPlace.find((each) => each !== undefined);
  if (suffix === undefined) return [];
  const hasScript = options.has('e', 'f', 'expression', 'file');
  return withBackup(options.operands.slice(hasScript ? 0 : 1), suffix);
};

const perlInPlace: TargetReader = (args) => {
  const inPlace = args.map(({ text }) => /^-[a-zA-Z0]*?i(\.[^ ]*)?/u.exec(text ?? ''));
  const found = inPlace.find((each) => each !== null);
  const script = args.findLastIndex(({ text }) => /^-[a-zA-Z0]*[eE]$/u.test(text ?? ''));
  if (found === undefined || script === -1) return [];
  const files = args.slice(script + 2).filter(({ text }) => !isOption(text ?? ''));
  return withBackup(files, found?.[1] ?? '');
};

const awkInPlace: TargetReader = (args) => {
  const options = readOptions(args, ['i', 'f', 'F', 'v', 'include', 'file']);
  if (!['inplace', 'inplace.awk'].includes(options.value('i', 'include')?.text ?? '')) return [];
  return options.operands.slice(options.has('f', 'file') ? 0 : 1).map(fileTarget);
};

const dd: TargetReader = (args) =>
  args.flatMap(({ text, isPattern }) =>
    text?.startsWith('of=') === true ? [fileTarget({ text: text.slice(3), isPattern })] : [],
  );

// Which files it changes otherwise stands in the patch.
const patch: TargetReader = (args) => {
  const options = readOptions(args, named('p i d o D F r B Y z input directory output strip'));
  const folder = options.value('d', 'directory');
  if (options.has('dry-run') || folder !== undefined) return [];
  const outputs = present(options.value('o', 'output')).filter(({ text }) => text !== '-');
  return (outputs.length > 0 ? outputs : options.operands.slice(0, 1)).map(fileTarget);
};

// `-O` takes the name from the address.
const download =
  (output: string, remote: string, folder: string): TargetReader =>
  (args) => {
    const letters = 'H X d u A F e b c T U D P';
    const names = 'header request data user-agent form referer cookie upload-file';
    const known = [...named(letters), ...named(names), ...named(output), ...named(folder)];
    const options = readOptions(
      args,
      known.filter((name) => !named(remote).includes(name)),
    );
    const target = options.value(...named(output));
    const base = options.value(...named(folder));
    if (target !== undefined)
      return target.text === '-' ? [] : [fileTarget(output === 'o output' ? inside(base, target) : target)];
    if (remote !== '' && !options.has(...named(remote))) return [];
    return options.operands.flatMap(({ text }) => {
      const name = /^[a-z]+:\/\/[^/?#]+\/(?:[^?#]*\/)?([^/?#]+)$/u.exec(text ?? '')?.[1];
      if (name === undefined) return [];
      // wget takes another name where there is a file.
      const made = fileTarget(inside(base, { text: name, isPattern: false }));
      return [remote === '' ? { ...made, keepsExisting: true } : made];
    });
  };

function inside(folder: Argument | undefined, arg: Argument): Argument {
  if (folder === undefined || arg.text === undefined || arg.text.startsWith('/')) return arg;
  return { ...arg, text: folder.text === undefined ? undefined : `${folder.text}/${arg.text}` };
}

// Formatters rewrite what they are named. Folders and patterns are left to the next rung: which of their files they
// would really change is not known.
const formatter =
  (
    needed: string,
    how: { readonly withValue?: string; readonly unless?: string; readonly verb?: string } = {},
  ): TargetReader =>
  (args) => {
    const rest = how.verb === undefined ? args : args[0]?.text === how.verb ? args.slice(1) : [];
    const options = readOptions(rest, named(how.withValue ?? ''));
    const writes =
      (needed === '' || options.has(...named(needed))) && !options.has(...named(how.unless ?? ''));
    if (!writes) return [];
    return options.operands
      .filter(({ text, isPattern }) => !isPattern && /\.[A-Za-z]\w*$/u.test(text ?? ''))
      .map(fileTarget);
  };

const ruff: TargetReader = (args) => [
  ...formatter('fix', { verb: 'check', unless: 'diff', withValue: 'config select ignore' })(args),
  ...formatter('', { verb: 'format', unless: 'check diff', withValue: 'config l line-length' })(args),
];

// Packs take the place of what they pack; unpacking, of the pack.
const compressor =
  (suffix: string, whenPacking: string): TargetReader =>
  (args) => {
    const options = readOptions(args, named('S suffix T threads o'));
    if (options.has(...named('c stdout to-stdout l list t test'))) return [];
    const isKept = options.has('k', 'keep');
    return options.operands.flatMap((arg) => {
      const isUnpacking = whenPacking === '' || options.has('d', 'decompress', 'uncompress');
      const other = isUnpacking
        ? arg.text?.replace(new RegExp(`\\.${suffix}$`, 'u'), '')
        : `${arg.text ?? ''}.${suffix}`;
      if (arg.text === undefined || other === arg.text || arg.isPattern)
        return isKept ? [] : [fileTarget(arg)];
      const made = fileTarget({ text: other, isPattern: false });
      return isKept ? [made] : [made, fileTarget(arg)];
    });
  };

// `tar cf OUT …`, with or without the dash; unpacking is told from the archive.
const tar: TargetReader = (args) => {
  const options = readOptions(tarWords(args), named('f file C directory'));
  if (!options.has(...named('c create r append u update A'))) return [];
  return present(options.value('f', 'file'))
    .filter(({ text }) => text !== '-')
    .map((file) => fileTarget(file));
};

const zip: TargetReader = (args) => {
  const options = readOptions(args, named('x i b t'));
  const [target] = options.operands;
  if (target?.text === undefined || target.text === '-') return [];
  return [
    fileTarget(/\.\w+$/u.test(target.text) ? target : { text: `${target.text}.zip`, isPattern: false }),
  ];
};

const second: TargetReader = (args) => present(readOptions(args, named('f s w')).operands[1]).map(fileTarget);

const readersOfPrograms = (): Readonly<Record<string, TargetReader>> => ({
  autopep8: formatter('i in-place'),
  awk: awkInPlace,
  biome: formatter('write fix apply', { withValue: 'config-path' }),
  black: formatter('', { withValue: 'l line-length t target-version config', unless: 'check diff' }),
  bunzip2: compressor('bz2', ''),
  bzip2: compressor('bz2', 'pack'),
  'clang-format': formatter('i'),
  cp: copyTargets(false),
  curl: download('o output', 'O remote-name', 'output-dir'),
  dd,
  deno: formatter('', { verb: 'fmt', unless: 'check' }),
  esbuild: optionValue('outfile'),
  eslint: formatter('fix', { withValue: 'c config ext rule f' }),
  gawk: awkInPlace,
  git: gitTargets,
  gofmt: formatter('w'),
  goimports: formatter('w', { withValue: 'local' }),
  gsed: streamEditor,
  gunzip: compressor('gz', ''),
  gzip: compressor('gz', 'pack'),
  install: copyTargets(false),
  isort: formatter('', { withValue: 'l settings-path profile', unless: 'c check check-only diff' }),
  ln: linkTargets,
  mv: copyTargets(true),
  oxfmt: formatter('', { withValue: 'c config', unless: 'check list-different stdin-filepath' }),
  pandoc: optionValue('o output', 'f from t to'),
  patch,
  perl: perlInPlace,
  phpcbf: formatter('', { withValue: 'standard' }),
  prettier: formatter('write w', { withValue: 'config parser log-level plugin ignore-path' }),
  rimraf: remove,
  rm: remove,
  rsync: syncTargets,
  rubocop: formatter('a A autocorrect autocorrect-all', { withValue: 'c config' }),
  ruby: perlInPlace,
  ruff,
  rustfmt: formatter('', { withValue: 'config edition config-path', unless: 'check' }),
  scp: syncTargets,
  sed: streamEditor,
  shfmt: formatter('w', { withValue: 'i ln' }),
  shred: operands('n s iterations size'),
  sort: optionValue('o output', 'k t S T'),
  sponge: operands(),
  stylelint: formatter('fix', { withValue: 'config' }),
  tar,
  tee: operands(),
  terraform: formatter('', { verb: 'fmt', unless: 'check' }),
  touch: operands('d date r reference t time'),
  truncate: operands('s size r reference'),
  uniq: second,
  unlink: operands(),
  unxz: compressor('xz', ''),
  wget: download('O output-document', '', 'P directory-prefix'),
  xz: compressor('xz', 'pack'),
  yapf: formatter('i in-place'),
  yq: formatter('i inplace'),
  zip,
});
