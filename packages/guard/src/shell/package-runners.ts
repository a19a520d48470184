import { UNKNOWN, type Argument } from './expand.ts';
import { takeOptions } from './options.ts';

/** What is left of a command line when one wrapper is taken away. */
export interface Peeled {
  readonly words: readonly Argument[];
  readonly folder?: Argument | undefined;
  /** The wrapper hands this to a shell, instead of running words. */
  readonly script?: string | undefined;
}

interface Runner {
  /** Verbs after which a program follows; none when it follows at once. */
  readonly verbs: readonly string[];
  /** Verbs after which it may be a script of the package too, so that only well-known tools are taken for themselves. */
  readonly toolVerbs?: readonly string[];
  readonly withValue?: readonly string[];
  /** Options before the verb that name the folder it runs in. */
  readonly folder?: readonly string[];
  /** Options that make it run in packages which only its workspace knows. */
  readonly workspace?: readonly string[];
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  bun: { verbs: ['x'], toolVerbs: ['run', ''], folder: ['cwd'], workspace: ['filter', 'F'] },
  bundle: { verbs: ['exec'] },
  bunx: { verbs: [], withValue: ['p', 'package'] },
  npm: {
    verbs: ['exec', 'x'],
    withValue: ['p', 'package', 'c', 'call'],
    folder: ['prefix', 'C'],
    workspace: ['w', 'workspace', 'workspaces', 'ws'],
  },
  npx: { verbs: [], withValue: ['p', 'package', 'c', 'call', 'w', 'workspace'] },
  pdm: { verbs: ['run'], folder: ['p', 'project'] },
  pipenv: { verbs: ['run'] },
  pnpm: {
    verbs: ['exec', 'dlx'],
    toolVerbs: ['run', ''],
    folder: ['C', 'dir'],
    workspace: ['F', 'filter', 'r', 'recursive', 'w', 'workspace-root'],
  },
  poetry: { verbs: ['run'], folder: ['C', 'directory', 'P', 'project'] },
  uv: { verbs: ['run'], withValue: ['with', 'p', 'python', 'extra', 'group'], folder: ['directory'] },
  uvx: { verbs: [], withValue: ['from', 'with', 'p', 'python'] },
  yarn: { verbs: ['exec', 'dlx'], toolVerbs: ['run', ''], folder: ['cwd'] },
};
const WITHOUT_VALUE = new Set(['workspaces', 'ws', 'r', 'recursive', 'w', 'workspace-root']);
const TOOLS = new Set(
  'biome cdk drizzle-kit eslint firebase knex netlify oxfmt oxlint prettier prisma rimraf sequelize sequelize-cli serverless stylelint typeorm vercel wrangler'.split(
    ' ',
  ),
);
const MODULES = new Set(['alembic', 'autopep8', 'black', 'isort', 'ruff', 'yapf']);

/** Takes away a package manager that runs a program: `npx prettier`, `pnpm -C web exec prettier`, `python -m black`. */
export function peelRunner(program: string, args: readonly Argument[]): Peeled | undefined {
  if (program.startsWith('python') && /^python[\d.]*$/u.test(program)) {
    const isKnown = args[0]?.text === '-m' && MODULES.has(args[1]?.text ?? '');
    return isKnown ? { words: args.slice(1) } : undefined;
  }
  const runner = Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
  if (runner === undefined) return undefined;
  const { folder = [], workspace = [], withValue = [] } = runner;
  const takesValue = [...folder, ...workspace.filter((name) => !isFlag(program, name)), ...withValue];
  const { rest, value } = takeOptions(args, takesValue);
  const words = runner.verbs.length === 0 ? rest : afterVerb(runner, rest);
  if (words === undefined) return undefined;
  const inner = runner.verbs.length === 0 ? { rest: words, value } : takeOptions(words, takesValue);
  const isElsewhere = [value, inner.value].some((each) => each(workspace) !== undefined);
  return {
    words: program === 'npm' ? behindNpm(words, takesValue) : inner.rest,
    folder: isElsewhere ? UNKNOWN : value(folder),
    script: inner.value(['c', 'call'])?.text,
  };
}

function isFlag(program: string, name: string): boolean {
  return WITHOUT_VALUE.has(name) && !(program === 'npm' && name === 'w');
}

function afterVerb(runner: Runner, words: readonly Argument[]): readonly Argument[] | undefined {
  const verb = words[0]?.text ?? '';
  if (runner.verbs.includes(verb)) return words.slice(1);
  const isTool = (word: Argument | undefined): boolean => TOOLS.has(word?.text ?? '');
  if (runner.toolVerbs?.includes(verb) === true && isTool(words[1])) return words.slice(1);
  return runner.toolVerbs?.includes('') === true && isTool(words[0]) ? words : undefined;
}

// `npm exec prettier -- --write a.ts`: options before the dashes are npm's.
function behindNpm(words: readonly Argument[], takesValue: readonly string[]): readonly Argument[] {
  const dashes = words.findIndex(({ text }) => text === '--');
  const own = takeOptions(dashes === -1 ? words : words.slice(0, dashes), takesValue).rest;
  const named = own.filter(({ text }) => text?.startsWith('-') !== true);
  return dashes === -1 ? named : [...named, ...words.slice(dashes + 1)];
}
