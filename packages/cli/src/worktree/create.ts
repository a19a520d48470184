import { isSquadError, EXIT, SquadError } from '#protocol';
import { createWorktree, readWorktree, type WorktreeRecord, type WorktreeRequest } from '#worktree';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openWorktrees, type Worktrees } from './open.ts';
import { requestsFromPlans, type Waiting } from './from-plans.ts';

/** `squad-worktree create`. */
export const createCommand: Command = {
  name: 'create',
  summary: 'Make a worktree and a branch per name, with the files, ports and databases it needs',
  positionals: '[name…]',
  options: {
    base: {
      kind: 'value',
      value: 'REF',
      summary: 'cut from this branch or commit (default: the current branch)',
    },
    branch: {
      kind: 'value',
      value: 'NAME',
      summary: 'branch to make, or an existing one to check out (one name only)',
    },
    agent: { kind: 'value', value: 'ID', summary: 'the agent that will work in it' },
    purpose: { kind: 'value', value: 'TEXT', summary: 'what it is for; kept in .squad/, not in the tree' },
    'depends-on': {
      kind: 'list',
      value: 'NAME',
      summary: 'a worktree whose work must be merged first (repeatable)',
    },
    stack: { kind: 'flag', summary: 'merge dependencies that are not in the base yet into the start' },
    'from-plans': { kind: 'flag', summary: 'one per agent of .squad/parallel-plans/' },
  },
  examples: [
    'squad-worktree create authentication logging data-export --json',
    'squad-worktree create --from-plans',
    'squad-worktree create api --base develop --depends-on shared-types',
  ],
  action: create,
};

interface Failure {
  readonly name: string;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

async function create(call: Call): Promise<Outcome> {
  const worktrees = await openWorktrees(call);
  const { requests, waiting } = await requestsOf(call, worktrees);
  const created: WorktreeRecord[] = [];
  const failed: Failure[] = [];
  for (const request of requests) {
    try {
      created.push(await createWorktree(worktrees.world, request));
      journal(worktrees, request);
    } catch (error) {
      if (!isSquadError(error) || (requests.length === 1 && !call.flag('from-plans'))) throw error;
      const { code, message, hint } = error;
      failed.push({ name: request.name, error: { code, message, ...(hint === undefined ? {} : { hint }) } });
    }
  }
  return {
    exitCode: failed.length > 0 ? EXIT.failed : EXIT.done,
    json: { created, waiting, failed },
    text: describe(created, waiting, failed),
  };
}

async function requestsOf(
  call: Call,
  worktrees: Worktrees,
): Promise<{ requests: readonly WorktreeRequest[]; waiting: readonly Waiting[] }> {
  const names = [...new Set(call.positionals)];
  if (call.flag('from-plans')) {
    if (names.length > 0) throw usage('--from-plans takes no names');
    const found = await requestsFromPlans(worktrees, call.value('base'));
    const { store, home } = worktrees.world;
    return {
      ...found,
      requests: found.requests.filter(({ name }) => readWorktree(store, home.squadDir, name) === undefined),
    };
  }
  if (names.length === 0) throw usage('squad-worktree create needs a name, or --from-plans');
  const branch = call.value('branch');
  if (branch !== undefined && names.length > 1) throw usage('--branch goes with one name only');
  const options = {
    dependsOn: call
      .list('depends-on')
      .flatMap((value) => value.split(','))
      .filter((name) => name !== ''),
    stack: call.flag('stack'),
    ...valueOf(call, 'base'),
    ...valueOf(call, 'branch'),
    ...valueOf(call, 'agent'),
    ...valueOf(call, 'purpose'),
  };
  return { requests: names.map((name) => ({ name, ...options })), waiting: [] };
}

function valueOf<K extends string>(call: Call, name: K): { [key in K]?: string } {
  const value = call.value(name);
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: string });
}

function journal({ squad }: Worktrees, { name, agent }: WorktreeRequest): void {
  squad.journal.record({ kind: 'worktree.created', agent: agent ?? 'human', data: { name } });
}

function usage(message: string): SquadError {
  return new SquadError({
    code: 'USAGE',
    message,
    hint: 'usage: squad-worktree create <name…> | --from-plans',
  });
}

function describe(
  created: readonly WorktreeRecord[],
  waiting: readonly Waiting[],
  failed: readonly Failure[],
): string {
  const lines = created.flatMap(({ name, branch, base, start, path, env }) => [
    `created ${name}  branch ${branch} from ${base.ref ?? start.slice(0, 12)}  ${path}`,
    ...Object.entries(env)
      .filter(([key]) => /^SQUAD_(?:PORT|DB)_/u.test(key))
      .map(([key, value]) => `        ${key}=${value}`),
  ]);
  const waits = waiting.map(
    ({ name, for: others }) =>
      `waiting ${name}  until ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} merged`,
  );
  const failures = failed.map(
    ({ name, error }) =>
      `failed  ${name}  ${error.code}: ${error.message}${error.hint === undefined ? '' : `\n        ${error.hint}`}`,
  );
  const all = [...lines, ...waits, ...failures];
  const [first] = created;
  if (first !== undefined) all.push('', `next: cd "$(squad-worktree path ${first.name})"`);
  return all.length === 0 ? 'every agent of the plans has its worktree already' : all.join('\n');
}
