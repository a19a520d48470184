import { readComms } from '#comms';
import { EXIT } from '#protocol';
import { findWorktree, inspectWorktrees, type WorktreeState } from '#worktree';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { agentLives, type AgentLife } from './agent-life.ts';
import { describeTest, lastTestOf } from './last-test.ts';
import { namedOrAll, openWorktrees } from './open.ts';
import { table } from '../shell/table.ts';

/** `squad-worktree list`. */
export const listCommand: Command = {
  name: 'list',
  summary: 'The worktrees on record: name, branch, base, folder',
  options: {},
  examples: ['squad-worktree list --json'],
  action: async (call) => {
    const { world } = await openWorktrees(call);
    const records = namedOrAll(world, []);
    const rows = records.map(({ name, branch, base, state, path }) => [
      name,
      branch,
      base.ref ?? base.commit.slice(0, 12),
      state,
      path,
    ]);
    const text = records.length === 0 ? NONE : table(['NAME', 'BRANCH', 'BASE', 'STATE', 'FOLDER'], rows);
    return { exitCode: EXIT.done, json: { worktrees: records }, text };
  },
};

/** `squad-worktree path`. */
export const pathCommand: Command = {
  name: 'path',
  summary: "Print a worktree's folder",
  positionals: '<name>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {},
  examples: ['cd "$(squad-worktree path authentication)"'],
  action: async (call) => {
    const { world } = await openWorktrees(call);
    const { name, path } = findWorktree(world, call.positionals[0] ?? '');
    return { exitCode: EXIT.done, json: { name, path }, text: path };
  },
};

/** `squad-worktree env`. */
export const envCommand: Command = {
  name: 'env',
  summary: 'Print the ports, databases and folders held for a worktree, for eval',
  positionals: '<name>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {},
  examples: ['eval "$(squad-worktree env authentication)"'],
  action: async (call) => {
    const { world } = await openWorktrees(call);
    const { env } = findWorktree(world, call.positionals[0] ?? '');
    const lines = Object.entries(env).map(
      ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    );
    return { exitCode: EXIT.done, json: env, text: lines.join('\n') };
  },
};

/** `squad-worktree status`. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'What each worktree is like now: changes, distance from its base, life, last test',
  positionals: '[name…]',
  options: {},
  examples: ['squad-worktree status', 'squad-worktree status authentication --json'],
  action: status,
};

const NONE = 'no worktrees yet; make one: squad-worktree create NAME';

async function status(call: Call): Promise<Outcome> {
  const { world, squad, locks } = await openWorktrees(call);
  const states = await inspectWorktrees(world, namedOrAll(world, call.positionals));
  const lives = agentLives({ io: call.io, squad, locks }, states);
  const { blocks } = readComms(call.io.store, squad.squadDir);
  const now = call.io.clock.wallMs();
  const seen = states.map((state) => {
    const test = lastTestOf(state.record, blocks);
    return { state, life: lives.get(state.record.name), test };
  });
  const worktrees = seen.map(({ state, life, test }) => ({
    ...jsonOf(state),
    agent: life,
    lastTest: test ?? null,
  }));
  const rows = seen.map(({ state, life, test }) => [
    ...rowOf(state, life),
    describeTest(test, state.head, now),
  ]);
  const head = ['NAME', 'BRANCH', 'CHANGES', 'AHEAD/BEHIND', 'AGENT', 'LAST TEST'];
  return { exitCode: EXIT.done, json: { worktrees }, text: states.length === 0 ? NONE : table(head, rows) };
}

function jsonOf(state: WorktreeState): Record<string, unknown> {
  const { record, exists, head, branch, changes, fromBase, unpushed, operation, locked, processes } = state;
  return {
    name: record.name,
    path: record.path,
    exists,
    state: record.state,
    branch: branch ?? null,
    head: head ?? null,
    base: record.base,
    changes,
    ahead: fromBase?.ahead ?? null,
    behind: fromBase?.behind ?? null,
    unpushed: unpushed ?? null,
    operation: operation ?? null,
    locked: locked ?? null,
    processes,
    env: record.env,
  };
}

function rowOf(state: WorktreeState, life: AgentLife | undefined): readonly string[] {
  const { record, fromBase } = state;
  const distance = fromBase === undefined ? 'base gone' : `+${fromBase.ahead} -${fromBase.behind}`;
  return [
    record.name,
    branchText(state),
    changesText(state),
    state.exists ? distance : '-',
    life === undefined ? '-' : `${life.state}${life.evidence === '' ? '' : ` (${life.evidence})`}`,
  ];
}

function branchText({ branch, exists, operation, record }: WorktreeState): string {
  if (!exists) return 'folder gone: squad-worktree prune';
  const name = branch ?? 'detached HEAD';
  if (record.state !== 'ready') return `${name} (${record.state})`;
  return operation === undefined ? name : `${name} (${operation} under way)`;
}

function changesText({ changes, exists }: WorktreeState): string {
  if (!exists) return '-';
  if (changes.length === 0) return 'clean';
  const untracked = changes.filter(({ state }) => state === '??').length;
  return untracked === 0
    ? `${changes.length} changed`
    : `${changes.length} changed, ${untracked} of them new`;
}
