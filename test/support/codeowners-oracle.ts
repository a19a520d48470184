/** A line of a CODEOWNERS file: its pattern, and its owners as they are written. */
export interface OwnersLine {
  readonly pattern: string;
  readonly owners: string;
}

/**
 * Who owns a file by GitHub's rules, read off its documentation and independent of our patterns: every line becomes a regular
 * expression, the last that matches wins, and lines that GitHub cannot read are left out.
 */
export function githubOwners(lines: readonly OwnersLine[], path: string): string {
  return (
    lines.findLast(
      ({ pattern, owners }) => isReadByGithub(pattern, owners) && githubRegExp(pattern).test(path),
    )?.owners ?? ''
  );
}

function isReadByGithub(pattern: string, owners: string): boolean {
  const isOwned = owners.split(' ').every((owner) => owner === '' || owner.includes('@'));
  return isOwned && !/^!|^\\#|[[\]]|\*{3}|^\/$/u.test(pattern);
}

function githubRegExp(pattern: string): RegExp {
  if (pattern === '*' || pattern === '**') return /./u;
  const isRooted = pattern.slice(0, -1).includes('/');
  const body = pattern.replace(/^\//u, '').replace(/\/$/u, '');
  const names = body.split('/');
  const last = names.at(-1) ?? '';
  const text = names.map((name, index) => part(name, index, names.length)).join('');
  // A last `*` means the files of that folder; everything else also what lies below a folder of that name.
  const below = last === '*' && !pattern.endsWith('/') && names.at(-2) !== '**' ? '' : '(?:/.*)?';
  return new RegExp(`^${isRooted ? '' : '(?:.*/)?'}${text}${below}$`, 'u');
}

function part(name: string, index: number, count: number): string {
  if (name === '**' && index === count - 1) return '.*';
  if (name === '**') return '(?:[^/]+/)*';
  return segment(name) + (index === count - 1 ? '' : '/');
}

function segment(name: string): string {
  return name.replaceAll(
    /\\(.)|(\*+)|(\?)|([^\w])/gu,
    (_, plain?: string, star?: string, one?: string, other?: string) =>
      star !== undefined ? '[^/]*' : one !== undefined ? '[^/]' : literal(plain ?? other ?? ''),
  );
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/u.test(char) ? `\\${char}` : char;
}

/** Who owns a file by one section of a GitLab file: its code matches by Ruby's `File.fnmatch`, where an exclusion beats every line. */
export function gitlabOwners(lines: readonly OwnersLine[], path: string): string {
  const entries = new Map<string, string>();
  for (const { pattern, owners } of lines)
    entries.set(gitlabPattern(pattern.replace(/^!/u, '')), pattern.startsWith('!') ? '!' : owners);
  const found = [...entries].filter(([pattern]) => fnmatch(pattern, `/${path}`)).map(([, owners]) => owners);
  return found.includes('!') ? '' : (found.at(-1) ?? '');
}

function gitlabPattern(pattern: string): string {
  if (pattern === '*') return '/**/*';
  const rooted = pattern.startsWith('/') ? pattern : `/**/${pattern}`;
  return rooted.endsWith('/') ? `${rooted}**/*` : rooted;
}

function fnmatch(pattern: string, path: string): boolean {
  const text = pattern
    .split(/(\*\*\/)/u)
    .map((piece) =>
      piece === '**/'
        ? '(?:[^/]+/)*'
        : piece.replaceAll(
            /(\*+)|(\?)|(\[[^\]]*\])|([^\w/])/gu,
            (_, star?: string, one?: string, set?: string, other?: string) =>
              star !== undefined
                ? '[^/]*'
                : one !== undefined
                  ? '[^/]'
                  : set !== undefined
                    ? set.replace('[!', '[^')
                    : literal(other ?? ''),
          ),
    )
    .join('');
  return new RegExp(`^${text}$`, 'u').test(path);
}
