import { join } from 'node:path';
import { git } from '#git';
import { EXIT, renderDuration, SquadError } from '#protocol';
import { forgetChanges, identifyProcess, settleSteps, type Store } from '#store';
import { durationOption } from '../lock/open-locks.ts';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { commitEntries, type Entry } from './commit-index.ts';
import {
  committed,
  preview,
  refusedAsWidened,
  refusedByGit,
  refusedByRules,
  withoutUnchanged,
} from './commit-outcome.ts';
import { divideChanges, judgeShares } from './divide-changes.ts';
import { isRefused } from './finding.ts';
import { openOwnership, requireGit, requireSelf, type OwnershipDesk } from './open-ownership.ts';

const OPERATION = 'op:git';
// A hold of its own beside any that the agent's guard has on git.
const SESSION = `squad-own-${process.pid}`;
const HOLD_MS = 10 * 60_000;

/** `squad-own commit`. */
export const commitCommand: Command = {
  name: 'commit',
  summary:
    "Commit exactly this agent's files, fragments and regions, one agent at a time; the rest is left alone",
  positionals: '[path…]',
  options: {
    ...AGENT_OPTION,
    message: {
      kind: 'list',
      short: 'm',
      value: 'TEXT',
      summary: 'the message; each further one is a paragraph',
    },
    wait: { kind: 'value', value: 'DURATION', summary: 'how long to wait for the git lock (default: 30s)' },
    release: { kind: 'flag', summary: 'release the leases of the committed files' },
    'dry-run': { kind: 'flag', summary: 'say what would be committed; change nothing' },
  },
  examples: [
    'squad-own commit -m "Add metrics type"',
    'squad-own commit -m "Fix" shared/types/metrics.ts --release',
  ],
  action: commit,
};

async function commit(call: Call): Promise<Outcome> {
  const desk = await openOwnership(call);
  const root = requireGit(desk);
  const agent = requireSelf(desk);
  const message = call.list('message').join('\n\n').trim();
  if (message === '' && !call.flag('dry-run')) {
    throw new SquadError({
      code: 'USAGE',
      message: 'a commit needs a message',
      hint: 'squad-own commit -m "what and why"',
    });
  }
  await refuseMidway(call.io.store, root);
  const held = await takeOperation(call, desk, agent);
  if (held !== undefined) return held;
  try {
    return await commitShare(call, desk, { agent, message });
  } finally {
    if (!call.flag('dry-run')) desk.locks.release({ agent, session: SESSION, resources: [OPERATION] });
  }
}

// What git leaves in its folder while something is under way.
const MIDWAY = [
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
] as const;

async function refuseMidway(store: Store, root: string): Promise<void> {
  const folder = (await git(['rev-parse', '--absolute-git-dir'], { cwd: root })).replace(/\n$/u, '');
  const found = MIDWAY.find(([name]) => store.stat(join(folder, name)) !== undefined);
  if (found === undefined) return;
  const [, name] = found;
  throw new SquadError({
    code: 'COMMAND_FAILED',
    message: `a ${name} is under way in this checkout: its commit belongs to whoever began it`,
    hint: `finish it (git ${name} --continue) or give it up (git ${name} --abort)`,
  });
}

async function takeOperation(call: Call, desk: OwnershipDesk, agent: string): Promise<Outcome | undefined> {
  if (call.flag('dry-run')) return undefined;
  const holder = identifyProcess(process.pid);
  const outcome = await desk.locks.acquireWaiting(
    {
      agent,
      session: SESSION,
      resources: [{ name: OPERATION }],
      purpose: 'squad-own commit',
      ttlMs: HOLD_MS,
      ...(holder === undefined ? {} : { holder }),
    },
    { waitMs: durationOption(call, 'wait', 30_000), signal: call.io.signal },
  );
  if (outcome.kind === 'acquired') return undefined;
  const holders = 'holders' in outcome ? outcome.holders : [];
  const words = holders
    .map((other) => `${other.agent}, for another ${renderDuration(other.remainingMs)}`)
    .join('; ');
  return {
    exitCode: EXIT.contention,
    json: { kind: outcome.kind, resource: OPERATION, holders, next: ['squad-own commit … --wait 5m'] },
    text: `git is in use by ${words}\n  squad-own commit … --wait 5m`,
  };
}

async function commitShare(
  call: Call,
  desk: OwnershipDesk,
  by: { readonly agent: string; readonly message: string },
): Promise<Outcome> {
  const { agent, message } = by;
  const divided = await divideChanges(call, desk, agent);
  const findings = await judgeShares(desk, agent, divided);
  if (isRefused(findings)) return refusedByRules(findings);
  const entries = divided.flatMap(({ path, share }): Entry[] => {
    if (share.kind === 'left') return [];
    return [share.kind === 'part' ? { path, text: share.text } : { path }];
  });
  if (entries.length === 0 || call.flag('dry-run')) return preview(agent, divided);
  const order = { root: desk.squad.worktreeRoot, entries, message, agent };
  const made = await commitEntries(call.io.store, order);
  switch (made.kind) {
    case 'nothing':
      return preview(agent, withoutUnchanged(divided, new Set()));
    case 'refused':
      return refusedByGit(made.output);
    case 'widened':
      return refusedAsWidened(made.paths);
    case 'committed': {
      const { commit: name, paths } = made;
      settle(call, desk, { agent, commit: name, paths: [...paths] });
      return committed({ agent, commit: name }, withoutUnchanged(divided, paths));
    }
  }
}

function settle(
  call: Call,
  desk: OwnershipDesk,
  done: { readonly agent: string; readonly commit: string; readonly paths: readonly string[] },
): void {
  const { agent, commit: name, paths } = done;
  const { squadDir, worktreeRoot, journal } = desk.squad;
  forgetChanges(call.io.store, squadDir, agent, { worktreeRoot, paths });
  for (const path of paths) settleSteps(call.io.store, squadDir, { agent, path, worktreeRoot });
  journal.record({ kind: 'own.committed', agent, data: { commit: name, paths } });
  if (!call.flag('release')) return;
  const held = desk.locks
    .table()
    .leases.filter((lease) => lease.agent === agent && paths.includes(lease.resource));
  if (held.length > 0) desk.locks.release({ agent, tokens: held.map(({ token }) => token), wholly: true });
}
