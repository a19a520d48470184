import { text as readStream } from 'node:stream/consumers';
import { resolveCommit, runGit } from '#git';
import { SquadError } from '#protocol';
import type { Call } from '../shell/command.ts';
import { commitsIn } from './commit-changes.ts';
import type { CheckReport, Finding } from './finding.ts';
import { judgeAuthors, type Bench } from './judge-change.ts';
import { requireGit, type OwnershipDesk } from './open-ownership.ts';

/**
 * Judges commits by the matrix, each change by the agent of its commit: `Squad-Agent` trailer, author named like an
 * agent, else a person. Leases are left out: they say nothing about the past.
 */
export async function checkCommits(desk: OwnershipDesk, range: readonly string[]): Promise<CheckReport> {
  const root = requireGit(desk);
  const { matrix, matrixPath, typed } = desk;
  const bench: Bench = { matrix, matrixPath, root, typed };
  const findings: Finding[] = [];
  let checked = 0;
  if (range.length === 0) return { checked, findings };
  for (const made of await commitsIn(root, range)) {
    const authors =
      desk.call.value('agent') === undefined
        ? desk.actors.authorsOf(made)
        : [desk.actors.actor(desk.self ?? '')];
    for (const change of made.changes) {
      checked += 1;
      findings.push(...(await judgeAuthors(bench, authors, { change, commit: made.commit })));
    }
  }
  return { checked, findings };
}

/** The revision's commit; `GIT_FAILED` with what to do where there is none. */
export async function requireCommit(root: string, revision: string): Promise<string> {
  const commit = await resolveCommit(root, revision);
  if (commit !== undefined) return commit;
  throw new SquadError({
    code: 'GIT_FAILED',
    message: revision === '' ? 'an empty text names no commit' : `there is no commit ${revision}`,
    hint: 'fetch it first; in GitHub Actions use actions/checkout with fetch-depth: 0',
  });
}

const NONE = /^0+$/u;

/** The commits that a push would add, of the lines that git gives its pre-push hook. */
export async function commitsOfPush(call: Call, root: string): Promise<readonly string[]> {
  const lines = (await readStream(call.io.stdin)).split('\n').filter((line) => line.trim() !== '');
  const wanted: string[] = [];
  const known: string[] = [];
  for (const line of lines) {
    const [, local = '', , remote = ''] = line.split(' ');
    if (local === '' || NONE.test(local)) continue;
    wanted.push(local);
    const isHere = !NONE.test(remote) && (await runGit(['cat-file', '-e', remote], { cwd: root })).code === 0;
    if (isHere) known.push(`^${remote}`);
  }
  return wanted.length === 0 ? [] : [...wanted, ...known, '--not', '--remotes'];
}
