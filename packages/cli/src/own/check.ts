import { resolve } from 'node:path';
import { EXIT, SquadError } from '#protocol';
import { findSquadHome, readRecorders, toRepoPath } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { stagedChanges, workingChanges, type Change } from './change.ts';
import { checkCommits, commitsOfPush, requireCommit } from './check-commits.ts';
import { checkWorktrees } from './check-worktrees.ts';
import { isRefused, renderFindings, type CheckReport, type Finding } from './finding.ts';
import { judgeChange, type Bench } from './judge-change.ts';
import { openOwnership, readWorkingFile, requireGit, type OwnershipDesk } from './open-ownership.ts';
import { renderGithub, renderSarif } from './report-formats.ts';

/** `squad-own check`. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'Judge changes by the matrix and the leases: exit 1 when one is refused',
  positionals: '[path…]',
  options: {
    ...AGENT_OPTION,
    staged: { kind: 'flag', summary: 'what the index holds (as the pre-commit hook does)' },
    base: {
      kind: 'value',
      value: 'REV',
      summary: 'the commits of HEAD that REV lacks, each by its own author',
    },
    worktrees: { kind: 'flag', summary: 'every worktree, and paths that two of them change' },
    hook: {
      kind: 'value',
      value: 'NAME',
      summary: 'as git calls it: pre-commit or pre-push; nothing to do without .squad/',
    },
    sarif: { kind: 'flag', summary: 'print a SARIF 2.1.0 log' },
    github: { kind: 'flag', summary: 'print GitHub annotations' },
  },
  examples: [
    'squad-own check',
    'squad-own check frontend/App.tsx --agent agent-2',
    'squad-own check --staged',
    'squad-own check --base origin/main --github',
  ],
  action: check,
};

async function check(call: Call): Promise<Outcome> {
  const hook = call.value('hook');
  if (hook !== undefined && hook !== 'pre-commit' && hook !== 'pre-push') {
    throw new SquadError({
      code: 'USAGE',
      message: `there is no check for the hook ${hook}`,
      hint: 'use pre-commit or pre-push',
    });
  }
  if (hook !== undefined && findSquadHome(call.io.store, call.io.cwd, call.io.env) === undefined) {
    return { exitCode: EXIT.done };
  }
  const desk = await openOwnership(call);
  const report = await reportFor(call, desk);
  const { checked, findings } = report;
  const refused = findings.filter(({ severity }) => severity === 'error').length;
  if (isRefused(findings)) journalRefusals(desk, findings);
  const summary = `${checked} ${checked === 1 ? 'change' : 'changes'} checked: ${refused === 0 ? 'in order' : `${refused} refused`}`;
  return {
    exitCode: isRefused(findings) ? EXIT.failed : EXIT.done,
    json: { checked, refused, findings },
    ...(hook === undefined ? { text: textFor(call, findings, summary) } : hookWords(call, findings, summary)),
  };
}

// git shows what a hook says on stderr; one that has nothing to say is silent.
function hookWords(call: Call, findings: readonly Finding[], summary: string): { notice?: string } {
  const isPush = call.value('hook') === 'pre-push';
  const shown = findings.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' && !isPush),
  );
  if (shown.length === 0) return {};
  const bypass = isRefused(findings)
    ? [`a person may pass this by: git ${isPush ? 'push' : 'commit'} --no-verify`]
    : [];
  return { notice: [renderFindings(shown), `squad-own: ${summary}`, ...bypass].join('\n') };
}

function textFor(call: Call, findings: readonly Finding[], summary: string): string {
  if (call.flag('sarif')) return renderSarif(findings);
  if (call.flag('github')) return [renderGithub(findings), summary].filter((part) => part !== '').join('\n');
  const shown = findings.filter(({ severity }) => severity !== 'info');
  return [renderFindings(shown), summary].filter((part) => part !== '').join('\n');
}

async function reportFor(call: Call, desk: OwnershipDesk): Promise<CheckReport> {
  const scopes = ['staged', 'base', 'hook', 'worktrees'].filter(
    (name) => call.flag(name) || call.value(name) !== undefined,
  );
  if (scopes.length + (call.positionals.length > 0 ? 1 : 0) > 1) {
    throw new SquadError({
      code: 'USAGE',
      message: `check looks at one thing at a time, not at ${[...scopes, 'paths'].slice(0, 2).join(' and ')}`,
      hint: 'see: squad-own check --help',
    });
  }
  const base = call.value('base');
  if (base !== undefined) return checkCommits(desk, [`${await requireCommit(requireGit(desk), base)}..HEAD`]);
  if (call.value('hook') === 'pre-push')
    return checkCommits(desk, await commitsOfPush(call, requireGit(desk)));
  if (call.flag('worktrees')) return checkWorktrees(desk);
  return judgeAll(desk, await changesFor(call, desk));
}

async function changesFor(call: Call, desk: OwnershipDesk): Promise<readonly Change[]> {
  if (call.flag('staged') || call.value('hook') !== undefined)
    return stagedChanges(requireGit(desk), indexOf(call));
  if (call.positionals.length === 0) {
    return workingChanges(requireGit(desk), (path) => readWorkingFile(desk, path));
  }
  return call.positionals.map((typed): Change => {
    const path = toRepoPath(call.io.store, desk.squad, { path: typed, cwd: call.io.cwd });
    const text = async (): Promise<string | undefined> => readWorkingFile(desk, path);
    return { path, kind: 'modified', before: text, after: text };
  });
}

// In a hook of `git commit -a` or `git commit PATH` the index is another file, named by the environment.
function indexOf(call: Call): Readonly<Record<string, string>> {
  const index = call.io.env['GIT_INDEX_FILE'];
  return index === undefined || index === '' ? {} : { GIT_INDEX_FILE: resolve(call.io.cwd, index) };
}

/** Judges changes of the calling agent; those found lying in its checkout may be recorded of another. */
async function judgeAll(desk: OwnershipDesk, changes: readonly Change[]): Promise<CheckReport> {
  const { squad, actors, self } = desk;
  const bench: Bench = { ...desk, root: squad.worktreeRoot };
  const { store } = desk.call.io;
  const recorders = readRecorders(store, squad.squadDir, squad.worktreeRoot);
  const findings: Finding[] = [];
  for (const change of changes) {
    const agent = change.isFound === true ? makerOf(recorders.get(change.path), self) : self;
    const actor = agent === undefined ? undefined : actors.actor(agent);
    findings.push(...(await judgeChange(bench, { change, actor })));
  }
  return { checked: changes.length, findings };
}

// Of several who share a checkout the guard saw who it was; who had a hand in it answers for it.
function makerOf(recorded: ReadonlySet<string> | undefined, self: string | undefined): string | undefined {
  if (recorded === undefined || (self !== undefined && recorded.has(self))) return self;
  return [...recorded][0] ?? self;
}

function journalRefusals(desk: OwnershipDesk, findings: readonly Finding[]): void {
  for (const { path, reason, agent, severity, commit } of findings) {
    if (severity !== 'error') continue;
    desk.squad.journal.record({
      kind: 'own.refused',
      agent: agent ?? 'unknown',
      data: { path, reason, ...(commit === undefined ? {} : { commit }) },
    });
  }
}
