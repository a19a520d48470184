import { isAbsolute, join, relative, resolve } from 'node:path';
import { SquadError } from '#protocol';
import type { SquadHome, Store } from '#store';

/** Stands for standard input, as an argument and as a file. */
export const STDIN = '-';

/** A planning document on disk, or on standard input. */
export interface FoundDocument {
  /** Absolute; `-` for standard input. */
  readonly file: string;
  /** Repo-relative where it lies in the repository. */
  readonly path: string;
}

/** Where to look. */
export interface DocumentSearch {
  readonly store: Store;
  readonly cwd: string;
  readonly home: Pick<SquadHome, 'squadDir' | 'worktreeRoot'>;
}

const PASSED_OVER = new Set([
  'node_modules',
  '.git',
  '.claude',
  'templates',
  'test',
  'tests',
  'dist',
  'build',
  'vendor',
]);
const DEEPEST = 4;
const MOST_ENTRIES = 20_000;

/**
 * The document to allocate: the one named (`-` is standard input), else `feature-prd.md`, else what `.squad/feature-prd.md` was copied from or
 * that file itself, else the one plausible `*prd*.md` or `*requirements*.md`. Throws `NO_PRD_FOUND` or `PRD_AMBIGUOUS`.
 */
export function findDocument(search: DocumentSearch, named: string | undefined): FoundDocument {
  const { store, cwd, home } = search;
  if (named === STDIN) return { file: STDIN, path: 'stdin' };
  if (named !== undefined) {
    const file = resolve(cwd, named);
    if (store.stat(file) !== undefined) return found(search, file);
    throw new SquadError({
      code: 'NO_PRD_FOUND',
      message: `there is no file ${named}`,
      hint: 'name an existing document: squad-allocate path/to/prd.md',
    });
  }
  const usual = [
    join(cwd, 'feature-prd.md'),
    join(home.worktreeRoot, 'feature-prd.md'),
    sourceOfCopy(search),
    join(home.squadDir, 'feature-prd.md'),
  ];
  const there = usual.find((file) => file !== undefined && store.stat(file)?.kind === 'file');
  return there === undefined ? onlyPlausible(search) : found(search, there);
}

/** What the copy in `.squad/` was made from, as the last allocation noted. */
function sourceOfCopy({ store, home }: DocumentSearch): string | undefined {
  const note = store.readText(join(home.squadDir, '.run', 'allocation.json'));
  if (note === undefined) return undefined;
  try {
    const { source } = JSON.parse(note) as { source?: unknown };
    return typeof source === 'string' ? resolve(home.worktreeRoot, source) : undefined;
  } catch {
    return undefined;
  }
}

function onlyPlausible(search: DocumentSearch): FoundDocument {
  const files = plausible(search);
  const [first, ...others] = files;
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined) {
    throw new SquadError({
      code: 'NO_PRD_FOUND',
      message:
        'no requirements document was found (feature-prd.md, .squad/feature-prd.md, *prd*.md, *requirements*.md)',
      hint: 'which file says what is to be built? run: squad-allocate path/to/it.md',
    });
  }
  throw new SquadError({
    code: 'PRD_AMBIGUOUS',
    message: `${files.length} documents could be meant: ${files.map(({ path }) => path).join(', ')}`,
    hint: `name one: squad-allocate ${first.path}`,
    data: { candidates: files.map(({ path }) => path) },
  });
}

function plausible(search: DocumentSearch): readonly FoundDocument[] {
  const { store, home } = search;
  const files: FoundDocument[] = [];
  let seen = 0;
  const visit = (folder: string, depth: number): void => {
    for (const name of store.list(folder)) {
      seen += 1;
      if (seen > MOST_ENTRIES) return;
      const path = join(folder, name);
      const kind = store.stat(path)?.kind;
      if (kind === 'folder' && depth < DEEPEST && !PASSED_OVER.has(name) && !name.startsWith('.'))
        visit(path, depth + 1);
      if (kind === 'file' && /(?:prd|requirements).*\.md$/iu.test(name)) files.push(found(search, path));
    }
  };
  visit(home.worktreeRoot, 0);
  return files;
}

function found({ home }: DocumentSearch, file: string): FoundDocument {
  const path = relative(home.worktreeRoot, file).replaceAll('\\', '/');
  return { file, path: path.startsWith('..') || isAbsolute(path) ? file : path };
}
