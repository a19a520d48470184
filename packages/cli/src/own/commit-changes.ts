import { git } from '#git';
import { SquadError } from '#protocol';
import { blobText, kindOfStatus, type Change } from './change.ts';

/** The changes of one commit and who made it. */
export interface CommitChanges {
  readonly commit: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committedAtMs: number;
  /** The `Squad-Agent:` trailers, which `squad-own commit` writes; several where commits were squashed into one. */
  readonly agents: readonly string[];
  readonly subject: string;
  readonly changes: readonly Change[];
}

const RECORD = 'commit:';
const HEADER = [
  '%H',
  '%ct',
  '%an',
  '%ae',
  '%(trailers:key=Squad-Agent,valueonly,separator=%x20)',
  '%s',
  '%P',
] as const;

/** The commits of a range (`base..head`), oldest first, merges left out: their changes came by other commits. */
export async function commitsIn(root: string, range: readonly string[]): Promise<readonly CommitChanges[]> {
  const settings = ['-c', 'log.showRoot=true', '-c', 'log.showSignature=false'];
  const changes = ['--no-merges', '--no-renames', '--name-status', '--ignore-submodules=none', '-z'];
  const format = `--format=${RECORD}${HEADER.join('%x00')}`;
  const log = await git([...settings, 'log', '--reverse', ...changes, format, ...range, '--'], { cwd: root });
  const { commits, first } = readLog(root, log.split('\0'));
  if (first !== undefined) await refuseCutHistory(root, first);
  return commits;
}

// The first commit of a shallow clone looks as if it had made every file.
async function refuseCutHistory(root: string, first: string): Promise<void> {
  const answer = await git(['rev-parse', '--is-shallow-repository'], { cwd: root });
  if (answer.trim() !== 'true') return;
  throw new SquadError({
    code: 'GIT_FAILED',
    message: `what commit ${first.slice(0, 12)} changed is not known: this clone is shallow and ends there`,
    hint: 'run: git fetch --unshallow (in GitHub Actions use actions/checkout with fetch-depth: 0)',
  });
}

interface Log {
  readonly commits: readonly CommitChanges[];
  /** A commit without a parent. */
  readonly first: string | undefined;
}

// By position alone, since a path may be any text: a header's fields, then a status and a path for each change.
function readLog(root: string, fields: readonly string[]): Log {
  const commits: (CommitChanges & { readonly changes: Change[] })[] = [];
  let first: string | undefined;
  let at = 0;
  const next = (): string => fields[at++] ?? '';
  while (at < fields.length) {
    const field = next().replace(/^\n/u, '');
    if (field.startsWith(RECORD)) {
      const commit = field.slice(RECORD.length);
      const [seconds, authorName, authorEmail, trailers, subject] = [next(), next(), next(), next(), next()];
      const agents = [...new Set(trailers.split(' ').filter((word) => word !== ''))];
      commits.push({
        commit,
        committedAtMs: Number(seconds) * 1000,
        authorName,
        authorEmail,
        agents,
        subject,
        changes: [],
      });
      if (next() === '') first = commit;
    } else if (field !== '') {
      commits.at(-1)?.changes.push(changeOf(root, commits.at(-1)?.commit ?? '', field, next()));
    }
  }
  return { commits, first };
}

function changeOf(root: string, commit: string, status: string, path: string): Change {
  return {
    path,
    kind: kindOfStatus(status),
    before: () => blobText(root, `${commit}^:${path}`),
    after: () => blobText(root, `${commit}:${path}`),
  };
}
