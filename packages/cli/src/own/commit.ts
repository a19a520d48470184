import { runGit } from '#git';
import { isWithin, EXIT, parseRepoPath, renderDuration, SquadError } from '#protocol';
import { forgetChanges, identifyProcess, readRecordedChanges, settleSteps, toRepoPath } from '#store';
import { durationOption } from '../lock/open-locks.ts';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { workingChanges, type Change } from './change.ts';
import { commitEntries, type Entry } from './commit-index.ts';
import { shareOf, type Editors, type Share } from './commit-share.ts';
import { isRefused, renderFindings, type Finding } from './finding.ts';
import { judgeChange } from './judge-change.ts';
import {
  openOwnership,
  readWorkingFile,
  requireGit,
  requireSelf,
  type OwnershipDesk,
} from './open-ownership.ts';

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

interface Divided {
  readonly path: string;
  readonly change: Change;
  readonly share: Share;
}

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
  await refuseMidway(root);
  const held = await takeOperation(call, desk, agent);
  if (held !== undefined) return held;
  try {
    return await commitShare(call, desk, { agent, message });
  } finally {
    if (!call.flag('dry-run')) desk.locks.release({ agent, session: SESSION, resources: [OPERATION] });
  }
}

async function refuseMidway(root: string): Promise<void> {
  for (const [ref, name] of [
    ['MERGE_HEAD', 'merge'],
    ['CHERRY_PICK_HEAD', 'cherry-pick'],
    ['REVERT_HEAD', 'revert'],
    ['REBASE_HEAD', 'rebase'],
  ] as const) {
    const found = await runGit(['rev-parse', '--verify', '--quiet', ref], { cwd: root });
    if (found.code !== 0) continue;
    throw new SquadError({
      code: 'COMMAND_FAILED',
      message: `a ${name} is under way in this checkout: its commit belongs to whoever began it`,
      hint: `finish it (git ${name} --continue) or give it up (git ${name} --abort)`,
    });
  }
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
  const root = desk.squad.worktreeRoot;
  const divided = await divide(call, desk, by.agent);
  const mine = divided.filter(({ share }) => share.kind !== 'left');
  const rest = divided.flatMap(({ path, share }) =>
    share.kind === 'left' ? [{ path, why: share.why }] : [],
  );
  const findings = await judgeShare(desk, by.agent, mine);
  if (isRefused(findings)) {
    return {
      exitCode: EXIT.failed,
      json: { kind: 'refused', findings },
      text: `${renderFindings(findings)}\nnothing was committed`,
    };
  }
  const files = mine.map(({ path, share }) => ({ path, part: share.kind === 'part', why: share.why }));
  if (files.length === 0 || call.flag('dry-run')) return preview(by.agent, files, rest);
  const entries = mine.map(({ path, share }): Entry =>
    share.kind === 'part' ? { path, text: share.text } : { path },
  );
  const made = await commitEntries(call.io.store, {
    root,
    entries,
    message: by.message,
    agent: by.agent,
    newId: call.io.newId,
  });
  if (made.kind === 'refused') {
    return {
      exitCode: EXIT.failed,
      json: { kind: 'refused', findings: [], output: made.output },
      text: `git refused the commit:\n${made.output}`,
    };
  }
  settle(call, desk, { agent: by.agent, commit: made.commit, mine });
  return {
    exitCode: EXIT.done,
    json: { kind: 'committed', commit: made.commit, agent: by.agent, files, left: rest },
    text: [`committed ${made.commit.slice(0, 12)}`, ...fileLines(files), ...leftLines(rest)].join('\n'),
  };
}

async function divide(call: Call, desk: OwnershipDesk, agent: string): Promise<readonly Divided[]> {
  const { io } = call;
  const named = call.positionals.map((path) => toRepoPath(io.store, desk.squad, { path, cwd: io.cwd }));
  const changes = await workingChanges(desk.squad.worktreeRoot, (path) => readWorkingFile(desk, path));
  const editors = readEditors(desk);
  const divided: Divided[] = [];
  for (const change of changes) {
    const parsed = parseRepoPath(change.path);
    if (!parsed.ok || (named.length > 0 && !named.some((folder) => isWithin(folder, parsed.value)))) continue;
    const share = await shareOf(desk, change, { agent, editors, isNamed: named.length > 0 });
    divided.push({ path: change.path, change, share });
  }
  return divided;
}

// What the guard saw in this checkout.
function readEditors(desk: OwnershipDesk): Editors {
  const { store } = desk.call.io;
  const { squadDir, worktreeRoot } = desk.squad;
  const edits = store
    .list(`${squadDir}/.run/changed`)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length))
    .flatMap((agent) => readRecordedChanges(store, squadDir, agent).map((change) => ({ ...change, agent })))
    .filter((change) => change.worktreeRoot === worktreeRoot);
  return (path) => edits.filter((edit) => edit.path === path).map(({ agent }) => agent);
}

async function judgeShare(
  desk: OwnershipDesk,
  agent: string,
  mine: readonly Divided[],
): Promise<readonly Finding[]> {
  const bench = { ...desk, root: desk.squad.worktreeRoot };
  const actor = desk.actors.actor(agent);
  const findings: Finding[] = [];
  for (const { change, share } of mine) {
    const text = share.kind === 'part' ? share.text : undefined;
    const judged: Change = text === undefined ? change : { ...change, after: async () => text };
    findings.push(...(await judgeChange(bench, { change: judged, actor })));
  }
  return findings;
}

function settle(
  call: Call,
  desk: OwnershipDesk,
  done: { agent: string; commit: string; mine: readonly Divided[] },
): void {
  const { agent, commit: name, mine } = done;
  const { squadDir, worktreeRoot, journal } = desk.squad;
  const paths = mine.map(({ path }) => path);
  forgetChanges(call.io.store, squadDir, agent, { worktreeRoot, paths });
  for (const path of paths) settleSteps(call.io.store, squadDir, { agent, path, worktreeRoot });
  journal.record({ kind: 'own.committed', agent, data: { commit: name, paths } });
  if (!call.flag('release')) return;
  const held = desk.locks
    .table()
    .leases.filter((lease) => lease.agent === agent && paths.includes(lease.resource));
  if (held.length > 0) desk.locks.release({ agent, tokens: held.map(({ token }) => token), wholly: true });
}

interface FileNote {
  readonly path: string;
  readonly part?: boolean;
  readonly why: string;
}

function preview(agent: string, files: readonly FileNote[], rest: readonly FileNote[]): Outcome {
  const isEmpty = files.length === 0;
  const head = isEmpty ? `nothing of ${agent} to commit` : `would commit for ${agent}`;
  return {
    exitCode: isEmpty ? EXIT.failed : EXIT.done,
    json: { kind: isEmpty ? 'nothing' : 'would-commit', agent, files, left: rest },
    text: [head, ...fileLines(files), ...leftLines(rest)].join('\n'),
  };
}

function fileLines(files: readonly FileNote[]): string[] {
  return files.map(({ path, part, why }) => `  ${path}${part === true ? ' (part)' : ''}: ${why}`);
}

function leftLines(rest: readonly FileNote[]): string[] {
  return rest.length === 0 ? [] : ['left alone', ...rest.map(({ path, why }) => `  ${path}: ${why}`)];
}
