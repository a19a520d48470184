import { git } from '#git';
import { blobText, kindOfStatus, type Change } from './change.ts';

/** The changes of one commit and who made it. */
export interface CommitChanges {
  readonly commit: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committedAtMs: number;
  /** The `Squad-Agent:` trailer, which `squad-own commit` writes. */
  readonly agent: string | undefined;
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
] as const;

/** The commits of a range (`base..head`), oldest first, merges left out: their changes came by other commits. */
export async function commitsIn(root: string, range: readonly string[]): Promise<readonly CommitChanges[]> {
  const settings = ['-c', 'log.showRoot=true', '-c', 'log.showSignature=false'];
  const changes = ['--no-merges', '--no-renames', '--name-status', '--ignore-submodules=none', '-z'];
  const format = `--format=${RECORD}${HEADER.join('%x00')}`;
  const log = await git([...settings, 'log', '--reverse', ...changes, format, ...range, '--'], { cwd: root });
  return readLog(root, log.split('\0'));
}

// By position alone, since a path may be any text: a header's fields, then a status and a path for each change.
function readLog(root: string, fields: readonly string[]): readonly CommitChanges[] {
  const commits: (CommitChanges & { readonly changes: Change[] })[] = [];
  let at = 0;
  const next = (): string => fields[at++] ?? '';
  while (at < fields.length) {
    const field = next().replace(/^\n/u, '');
    if (field.startsWith(RECORD)) {
      const [seconds, authorName, authorEmail, agent, subject] = [
        next(),
        next(),
        next(),
        next().trim(),
        next(),
      ];
      const committedAtMs = Number(seconds) * 1000;
      const about = {
        committedAtMs,
        authorName,
        authorEmail,
        agent: agent === '' ? undefined : agent,
        subject,
      };
      commits.push({ commit: field.slice(RECORD.length), ...about, changes: [] });
    } else if (field !== '')
      commits.at(-1)?.changes.push(changeOf(root, commits.at(-1)?.commit ?? '', field, next()));
  }
  return commits;
}

function changeOf(root: string, commit: string, status: string, path: string): Change {
  return {
    path,
    kind: kindOfStatus(status),
    before: () => blobText(root, `${commit}^:${path}`),
    after: () => blobText(root, `${commit}:${path}`),
  };
}
