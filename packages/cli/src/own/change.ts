import { git, listChanges, runGit, splitZ } from '#git';

/** One changed path, with its texts on demand. */
export interface Change {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted';
  /** It is in the index: taking it out there leaves the file as it is. */
  readonly isStaged?: true;
  /** It was found in the checkout: whoever works there may have made it. */
  readonly isFound?: true;
  /** The text before; `undefined` when there was no file. */
  readonly before: () => Promise<string | undefined>;
  readonly after: () => Promise<string | undefined>;
}

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

/** The trailer by which a commit names its agent. */
export const AGENT_TRAILER = 'Squad-Agent';

/** Text of a blob named like `HEAD:path`; `undefined` when there is none. */
export async function blobText(
  root: string,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const result = await runGit(['cat-file', 'blob', name], { cwd: root, env });
  return result.code === 0 ? result.stdout : undefined;
}

/** What the index holds beside HEAD. `env` may name another index, as git does for its hooks. */
export async function stagedChanges(
  root: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Change[]> {
  const hasHead = (await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: root })).code === 0;
  const base = hasHead
    ? 'HEAD'
    : (await git(['hash-object', '-t', 'tree', '/dev/null'], { cwd: root })).trim();
  const args = ['diff', '--cached', '--name-status', '--no-renames', '-z', base, '--'];
  const fields = splitZ(await git(args, { cwd: root, env }));
  return pairs(fields).map(([status, path]) => ({
    path,
    kind: kindOf(status),
    isStaged: true,
    before: () => blobText(root, `${base}:${path}`),
    after: () => blobText(root, `:${path}`, env),
  }));
}

/** What the worktree holds beside HEAD, staged or not, untracked files included. */
export async function workingChanges(
  root: string,
  read: (path: string) => string | undefined,
): Promise<readonly Change[]> {
  const listed = await listChanges(root);
  const paths = listed.flatMap(({ path, from, state }) =>
    from === undefined
      ? [{ path, state }]
      : [
          { path, state: 'A ' },
          { path: from, state: 'D ' },
        ],
  );
  return paths.map(({ path, state }) => ({
    path,
    isFound: true,
    kind: state.includes('D') ? 'deleted' : /[A?]/u.test(state) ? 'added' : 'modified',
    before: () => blobText(root, `HEAD:${path}`),
    after: async () => read(path),
  }));
}

const RECORD = '\u0001';
const FIELD = '\u0002';

/** The commits of a range (`base..head`), oldest first, merges left out: their changes came by other commits. */
export async function commitsIn(root: string, range: readonly string[]): Promise<readonly CommitChanges[]> {
  const trailer = `%(trailers:key=${AGENT_TRAILER},valueonly,separator=%x20)`;
  const format = `%x01%H%x02%an%x02%ae%x02%ct%x02${trailer}%x02%s`;
  const args = [
    'log',
    '--reverse',
    '--no-merges',
    '--no-renames',
    '--name-status',
    '-z',
    `--format=${format}`,
  ];
  const fields = splitZ(await git([...args, ...range, '--'], { cwd: root }));
  const commits: { head: string; fields: string[] }[] = [];
  for (const field of fields) {
    const text = field.replace(/^\n/u, '');
    if (text.startsWith(RECORD)) commits.push({ head: text.slice(1), fields: [] });
    else if (text !== '') commits.at(-1)?.fields.push(text);
  }
  return commits.map(({ head, fields: own }) => {
    const [commit = '', authorName = '', authorEmail = '', seconds, agent = '', subject = ''] =
      head.split(FIELD);
    return {
      commit,
      authorName,
      authorEmail,
      committedAtMs: Number(seconds) * 1000,
      agent: agent.trim() === '' ? undefined : agent.trim(),
      subject,
      changes: pairs(own).map(([status, path]) => ({
        path,
        kind: kindOf(status),
        before: () => blobText(root, `${commit}^:${path}`),
        after: () => blobText(root, `${commit}:${path}`),
      })),
    };
  });
}

function pairs(fields: readonly string[]): readonly (readonly [string, string])[] {
  return fields.flatMap((status, index) =>
    index % 2 === 0 ? [[status, fields[index + 1] ?? ''] as const] : [],
  );
}

function kindOf(status: string): Change['kind'] {
  if (status.startsWith('A')) return 'added';
  return status.startsWith('D') ? 'deleted' : 'modified';
}
