import type { OperationZones } from './default-zones.ts';
import { plainName } from './plain-name.ts';

/** A never-parallel operation that a command line would run. */
export interface ShellOperation {
  readonly zone: string;
  /** The zone's command that it matched. */
  readonly command: string;
}

/** Zones that the commands of an analysed line enter, each once, in the zones' order. */
export function findOperations(
  commands: readonly (readonly string[])[],
  zones: OperationZones,
): readonly ShellOperation[] {
  const calls = commands.map(readCall).filter((call) => !isHarmless(call));
  if (calls.length === 0) return [];
  return Object.entries(zones).flatMap(([zone, commandsOf]) => {
    const found = calls.flatMap((call) =>
      call.names.flatMap((name) => commandsOf(name, call.words)).filter((command) => begins(call, command)),
    );
    return found.slice(0, 1).map((command) => ({ zone, command }));
  });
}

// A command's words without its options and their values.
interface Call {
  readonly program: string;
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** What a zone's command may call the program. */
  readonly names: readonly string[];
}

// Options before the verb that take a value: without them `kubectl -n prod apply` would begin with `prod`. A toolchain
// (`cargo +nightly add`) and a workspace (`yarn workspace web add`) stand there too.
const WITH_VALUE: Readonly<Record<string, string>> = {
  alembic: '-c -n -x --config --name',
  bun: '--cwd --filter -F',
  cargo: '--manifest-path --color --config -C -Z',
  composer: '-d --working-dir',
  docker: '-H --host -c --context -l --log-level --config',
  git: '-C -c --git-dir --work-tree --namespace --exec-path --config-env',
  go: '-C',
  helm: '-n --namespace --kube-context --kubeconfig',
  kubectl: '-n --namespace --context --kubeconfig --cluster --user -s --server',
  migrate: '-path -database -source',
  npm: '--prefix -C -w --workspace --registry --userconfig --cache --loglevel',
  pip: '--proxy --log --cache-dir --python',
  pnpm: '-C --dir -F --filter --filter-prod --reporter --loglevel --workspace-concurrency',
  poetry: '-C --directory -P --project',
  prisma: '--schema --config',
  python: '-W -X',
  uv: '--directory --project --cache-dir',
  vercel: '-A --local-config -S --scope -t --token --cwd',
  yarn: '--cwd',
};
// What the bare program does.
const IMPLIED: Readonly<Record<string, string>> = { bundle: 'install', vercel: 'deploy', yarn: 'install' };

const INTERPRETERS = new Set(['php', 'python', 'ruby']);

function readCall([name = '', ...args]: readonly string[]): Call {
  const program = plainName(name);
  const split = splitOptions(program, args);
  const [script] = split.words;
  const names = [name, program];
  if (INTERPRETERS.has(program) && script !== undefined) {
    const inner = readCall([script.split('/').at(-1) ?? '', ...args.slice(args.indexOf(script) + 1)]);
    return { ...inner, names: [...names, ...inner.names] };
  }
  const implied = Object.hasOwn(IMPLIED, program) ? IMPLIED[program] : undefined;
  const isBare = split.words.length === 0 && implied !== undefined && !isAsking(split.flags);
  return { ...split, program, words: isBare ? [implied] : split.words, names };
}

function splitOptions(program: string, args: readonly string[]): Pick<Call, 'words' | 'flags'> {
  const withValue = (Object.hasOwn(WITH_VALUE, program) ? WITH_VALUE[program] : undefined)?.split(' ') ?? [];
  const words: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const isFirst = words.length === 0;
    if (word.startsWith('-')) {
      flags.add(word);
      // After the verb an option's value can be mistaken for nothing but a further word.
      if (isFirst && withValue.includes(word)) at += 1;
    } else if (isFirst && word === 'workspace') at += 1;
    else if (!isFirst || !word.startsWith('+')) words.push(word);
  }
  return { words, flags };
}

function begins(call: Call, pattern: string): boolean {
  const [name = '', ...rest] = pattern.trim().split(/\s+/u);
  const wanted = readCall([name, ...rest]);
  return (
    call.program === wanted.program &&
    wanted.words.every((verb, index) => call.words[index] === verb) &&
    [...wanted.flags].every((flag) => flag === '-m' || call.flags.has(flag))
  );
}

function isAsking(flags: ReadonlySet<string>): boolean {
  return ['--help', '-h', '--version', '-v', '-V'].some((flag) => flags.has(flag));
}

// `git stash list`, `git checkout -- a.ts` and the like touch nothing, or no more than a file.
function isHarmless({ program, words, flags }: Call): boolean {
  const isTried = [...flags].some((flag) => /^--dry-run(?!=none)/u.test(flag));
  if (isTried || flags.has('--help')) return true;
  if (program !== 'git') return false;
  const [verb = '', next = ''] = words;
  switch (verb) {
    case 'stash':
      return next === 'list' || next === 'show';
    case 'bisect':
      return ['', 'log', 'view', 'visualize'].includes(next);
    case 'sparse-checkout':
      return next === 'list';
    case 'checkout':
    case 'reset':
      return flags.has('--') && !flags.has('--hard');
    case 'clean':
      return [...flags].some((flag) => /^-[a-zA-Z]*n/u.test(flag));
    case 'am':
    case 'rebase':
      return flags.has('--show-current-patch');
    default:
      return false;
  }
}
