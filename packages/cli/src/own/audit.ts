import { runGit } from '#git';
import { pathResource, type HistoryEntry } from '#lock';
import { judgeWrite } from '#ownership';
import { EXIT, parseRepoPath } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { commitsIn, type CommitChanges } from './commit-changes.ts';
import { requireCommit } from './check-commits.ts';
import type { Finding } from './finding.ts';
import { judgeAuthors, type Bench } from './judge-change.ts';
import { createFinding, sentence, type Made } from './made-change.ts';
import { shownPath } from './path-words.ts';
import { openOwnership, requireGit, type OwnershipDesk } from './open-ownership.ts';

/** `squad-own audit`. */
export const auditCommand: Command = {
  name: 'audit',
  summary: 'Commits that changed what was not theirs, or not leased when it had to be, and by whom',
  options: {
    since: { kind: 'value', value: 'REV', summary: 'look at the commits after REV (default: all of HEAD)' },
  },
  examples: ['squad-own audit --since v1.2.0', 'squad-own audit --since HEAD~20 --json'],
  action: audit,
};

async function audit(call: Call): Promise<Outcome> {
  const desk = await openOwnership(call);
  const root = requireGit(desk);
  const since = call.value('since');
  const range = since === undefined ? ['HEAD'] : [`${await requireCommit(root, since)}..HEAD`];
  const hasCommits = (await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: root })).code === 0;
  const commits = hasCommits ? await commitsIn(root, range) : [];
  const guilty: { commit: CommitChanges; agent: string; findings: readonly Finding[] }[] = [];
  for (const commit of commits) {
    const agent = desk.actors
      .authorsOf(commit)
      .map((author) => author.agent)
      .join(' and ');
    const findings = await auditCommit(desk, root, commit);
    if (findings.length > 0) guilty.push({ commit, agent, findings });
  }
  const json = guilty.map(({ commit, agent, findings }) => ({
    commit: commit.commit,
    subject: commit.subject,
    author: commit.authorName,
    agent,
    at: new Date(commit.committedAtMs).toISOString(),
    findings,
  }));
  return {
    exitCode: guilty.length === 0 ? EXIT.done : EXIT.failed,
    json: { commits: commits.length, guilty: json },
    text: [
      ...guilty.map(({ commit, agent, findings }) =>
        [
          `${commit.commit.slice(0, 12)} ${agent} "${commit.subject}"`,
          ...findings.map(({ path, reason, message }) => `  ${shownPath(path)} ${reason}: ${message}`),
        ].join('\n'),
      ),
      `${commits.length} commits audited: ${guilty.length === 0 ? 'each changed only what it might' : `${guilty.length} changed what was not theirs or not leased`}`,
    ].join('\n'),
  };
}

async function auditCommit(
  desk: OwnershipDesk,
  root: string,
  commit: CommitChanges,
): Promise<readonly Finding[]> {
  const authors = desk.actors.authorsOf(commit);
  const bench: Bench = { matrix: desk.matrix, matrixPath: desk.matrixPath, root, typed: desk.typed };
  const findings: Finding[] = [];
  for (const change of commit.changes) {
    const made = { change, commit: commit.commit };
    const leases = authors.map((actor) => leaseThen(desk, { ...made, actor }, commit.committedAtMs));
    findings.push(...(await judgeAuthors(bench, authors, made)));
    if (leases.every((found) => found.length > 0)) findings.push(...(leases[0] ?? []));
  }
  return findings.filter(({ severity }) => severity !== 'info');
}

// Whether the log of leases, as far as it reaches back, shows somebody else holding the path at the time, or nobody.
function leaseThen(desk: OwnershipDesk, made: Made, atMs: number): readonly Finding[] {
  const { change, actor } = made;
  const path = parseRepoPath(change.path);
  if (actor === undefined || !path.ok) return [];
  const verdict = judgeWrite(desk.matrix, { path: change.path, actor });
  const { resolution } = verdict;
  if (verdict.kind === 'refused' || !verdict.needsLease || resolution.kind !== 'ruled') return [];
  const history = desk.locks.history(pathResource(path.value));
  const [first] = history;
  if (first === undefined || first.at > atMs) return [];
  const holder = holderAt(history, atMs);
  if (holder === actor.agent) return [];
  const why = holder === undefined ? 'nobody held its lease then' : `${holder} held its lease then`;
  return [
    createFinding(made, resolution, {
      reason: holder === undefined ? 'not-leased' : 'leased-by-another',
      severity: holder === undefined ? 'warning' : 'error',
      message: `${sentence(made)}; SEQUENTIAL by ${resolution.rule.pattern}, and ${why}`,
      next: [],
    }),
  ];
}

// Commit times are whole seconds: a lease taken within the same second counts as held.
function holderAt(history: readonly HistoryEntry[], atMs: number): string | undefined {
  let holder: string | undefined;
  for (const { at, event, agent } of history) {
    if (at > atMs + 999) break;
    if (event === 'acquired' || event === 'transferred') holder = agent;
    else if (['released', 'expired', 'dead', 'broken'].includes(event) && agent === holder && at < atMs)
      holder = undefined;
  }
  return holder;
}
