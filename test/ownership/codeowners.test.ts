import { compileMatrix, exportCodeowners, findAmbiguities, importCodeowners, resolveOwner } from '#ownership';
import type { CompiledMatrix } from '#ownership';
import { renderDiagnostic } from '#protocol';
import { describe, expect, test } from 'vitest';
import { githubOwners, gitlabOwners, type OwnersLine } from '../support/codeowners-oracle.ts';
import { allPaths, seededRandom } from '../support/pattern-oracle.ts';

function matrixOf(text: string, syntax?: 'github' | 'gitlab'): CompiledMatrix {
  const { paths } = importCodeowners(text, 'CODEOWNERS', syntax);
  return compileMatrix({ version: 1, default: { owner: 'NONE', access: 'SEQUENTIAL' }, zones: {}, paths });
}

function ownersOf(matrix: CompiledMatrix, path: string): string {
  const resolution = resolveOwner(matrix, path);
  if (resolution.kind === 'ambiguous') return 'AMBIGUOUS';
  const { owner, order } = resolution.rule;
  return owner === 'NONE' ? (order ?? []).join(' ') : owner;
}

const GITHUB = `# The team
*       @org/all
*.js    @org/js  # reviews scripts
/build/logs/ @ops
docs/*  docs@example.org
apps/   @octo
/apps/github
**/logs @ops @sre
/my\\ docs/ @ada
`;

describe('import from GitHub', () => {
  test('rows of the matrix', () => {
    expect(importCodeowners(GITHUB, 'CODEOWNERS')).toEqual({
      paths: {
        '/**': { owner: '@org/all', access: 'EXCLUSIVE' },
        '/**/*.js': {
          owner: '@org/js',
          access: 'EXCLUSIVE',
          except: ['/build/logs/', '/docs/*', '/**/apps/', '/apps/github', '/**/logs', '/my docs/'],
          why: 'reviews scripts',
        },
        '/docs/*': { owner: 'docs@example.org', access: 'EXCLUSIVE', except: ['/**/apps/', '/**/logs'] },
        '/**/apps/': { owner: '@octo', access: 'EXCLUSIVE', except: ['/**/logs', '/my docs/'] },
        '/apps/github': { owner: 'NONE', access: 'SEQUENTIAL', except: ['/**/logs'] },
        '/**/logs': { owner: 'NONE', access: 'SEQUENTIAL', order: ['@ops', '@sre'], except: ['/my docs/'] },
        '/my docs/': { owner: '@ada', access: 'EXCLUSIVE' },
      },
      diagnostics: [
        {
          severity: 'info',
          code: 'RULE_SHADOWED',
          message: '/build/logs/ never decides: lines 6, 8 cover all of it',
          path: 'CODEOWNERS',
          range: { start: { line: 4, column: 1 }, end: { line: 4, column: 2 } },
        },
      ],
    });
  });

  test.each([
    ['src/a.js', '@org/js'],
    ['src/a.ts', '@org/all'],
    ['docs/a.js', 'docs@example.org'],
    ['docs/a/b.js', '@org/js'],
    ['x/apps/a.js', '@octo'],
    ['apps/github/a.js', ''],
    ['apps/logs/a', '@ops @sre'],
    ['my docs/logs/a', '@ada'],
  ])('%s belongs to %s', (path, owners) => {
    expect(ownersOf(matrixOf(GITHUB), path)).toBe(owners);
  });

  test('nothing is ambiguous, and what came in goes out to the same effect', () => {
    const matrix = matrixOf(GITHUB);
    expect(findAmbiguities(matrix)).toEqual([]);
    const exported = exportCodeowners(matrix, 'ownership.yaml');
    expect(exported.diagnostics).toEqual([]);
    expect(exported.text).toBe(`* @org/all
# reviews scripts
*.js @org/js
/docs/* docs@example.org
apps/ @octo
/apps/github
logs @ops @sre
/my\\ docs/ @ada
`);
  });

  test('a folder whose name reads as a file’s is one where the repository has it', () => {
    const text = 'builtin/file @core\n/packages/socket.io @net\nLICENSE @legal\n';
    const isFolder = (path: string): boolean => path === 'builtin/file' || path === 'packages/socket.io';
    expect(Object.keys(importCodeowners(text, 'CODEOWNERS', 'github', isFolder).paths)).toEqual([
      '/builtin/file/',
      '/packages/socket.io/',
      '/**/LICENSE',
    ]);
  });

  test('lines that cannot be read are reported with their place', () => {
    const { diagnostics } = importCodeowners('!a @x\n*.ts someone\n/../a @x\n', 'CODEOWNERS', 'github');
    expect(diagnostics.map((diagnostic) => renderDiagnostic(diagnostic).split('\n')[0])).toEqual([
      'CODEOWNERS:1:1 warning CODEOWNERS_INVALID !a: "!" is not read by GitHub; the line is left out',
      'CODEOWNERS:2:1 warning CODEOWNERS_INVALID "someone" is not an owner; the line is left out',
      'CODEOWNERS:3:1 warning CODEOWNERS_INVALID /../a: ".." leaves the folder; the line is left out',
    ]);
  });
});

describe('sections of GitLab', () => {
  const text = `* @all
[Docs] @writers
docs/
README.md @ada
^[Database][2]
/db/ @dba @ops
docs/db.md @dba
`;

  test('keep their headings, default owners and order', () => {
    const { paths, diagnostics } = importCodeowners(text, 'CODEOWNERS');
    expect(paths).toMatchObject({
      '/**/docs/': { owner: '@writers', section: '[Docs]' },
      '/**/README.md': { owner: '@ada', section: '[Docs]' },
      '/db/': { order: ['@dba', '@ops'], section: '^[Database][2]' },
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'the lines before any section and section [Docs] both cover docs: GitLab asks both, the matrix keeps section [Docs]',
      'the lines before any section and section ^[Database][2] both cover db: GitLab asks both, the matrix keeps section ^[Database][2]',
      'section [Docs] and section ^[Database][2] both cover db/docs: GitLab asks both, the matrix keeps section ^[Database][2]',
    ]);
  });

  test('come back as sections', () => {
    expect(exportCodeowners(matrixOf(text), 'ownership.yaml', 'gitlab').text).toBe(`* @all

[Docs]
docs/ @writers
README.md @ada

^[Database][2]
/db/ @dba @ops
docs/db.md @dba
`);
  });
});

const NAMES = ['a', 'b', 'ab', 'a.b', '*', 'a*', '*b', '?', 'a?', '**', '*.b'];
const OWNERS = ['@x', '@y', '@z', '@x @y', ''];

interface Universe {
  readonly syntax: 'github' | 'gitlab';
  readonly extra: readonly string[];
  readonly owners: (lines: readonly OwnersLine[], path: string) => string;
}

// Patterns of every form that a side reads: any depth or rooted, folders, wildcards in each place.
function randomLines({ extra }: Universe, random: () => number): OwnersLine[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: 2 + Math.floor(random() * 6) }, () => {
    const names = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(NAMES));
    const pattern = `${pick(['', '/'])}${names.join('/')}${pick(['', '', '/'])}`;
    return { pattern: random() < 0.1 ? pick(extra) : pattern, owners: pick(OWNERS) };
  });
}

// A path is a file: what a name that reads as a file's has below it, and a file named like a folder, are not asked about.
function filesOf(lines: readonly OwnersLine[], { owners }: Universe): readonly string[] {
  const folders = lines.filter(({ pattern }) => /\/$|\/\*\*$/u.test(pattern));
  return allPaths('ab.', 5)
    .filter(
      (path) =>
        !path
          .split('/')
          .slice(0, -1)
          .some((name) => /\.[ab]/u.test(name)),
    )
    .filter((path) =>
      folders.every(({ pattern }) => {
        const line = [{ pattern: pattern.replace(/^!/u, ''), owners: '@q' }];
        return owners(line, path) === owners(line, `${path}/q`);
      }),
    );
}

const GITHUB_SIDE: Universe = {
  syntax: 'github',
  extra: ['!a', '[ab]', '/', '***', '\\#a'],
  owners: githubOwners,
};
const GITLAB_SIDE: Universe = {
  syntax: 'gitlab',
  extra: ['!a', '!/b/', '/[ab]', 'a/[!a]b', '/**'],
  owners: gitlabOwners,
};

test.each([GITHUB_SIDE, GITLAB_SIDE])(
  'the last match of any file of $syntax is the most specific rule of its matrix, and of what it is exported to',
  (side) => {
    const random = seededRandom(7);
    const wrong: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      const lines = randomLines(side, random);
      const text = lines.map(({ pattern, owners }) => `${pattern} ${owners}`).join('\n');
      const { paths, diagnostics } = importCodeowners(text, 'CODEOWNERS', side.syntax);
      const told = diagnostics.some(({ code }) => code === 'CODEOWNERS_INEXPRESSIBLE');
      const matrix = compileMatrix({
        version: 1,
        default: { owner: 'NONE', access: 'SEQUENTIAL' },
        zones: {},
        paths,
      });
      const exported = exportCodeowners(matrix, 'ownership.yaml', side.syntax);
      const back = exported.diagnostics.length === 0 ? matrixOf(exported.text, side.syntax) : matrix;
      for (const path of told ? [] : filesOf(lines, side)) {
        const expected = side.owners(lines, path);
        if (ownersOf(matrix, path) !== expected)
          wrong.push(`${text}\n→ ${path}: ${ownersOf(matrix, path)}, not ${expected}`);
        if (ownersOf(back, path) !== expected)
          wrong.push(`${text}\n⇄ ${exported.text}\n${path}: ${ownersOf(back, path)}, not ${expected}`);
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  },
);

describe('export', () => {
  test('says what CODEOWNERS cannot', () => {
    const matrix = compileMatrix({
      version: 1,
      default: { owner: 'NONE', access: 'SEQUENTIAL' },
      zones: {},
      paths: {
        '/shared/constants': { owner: 'NONE', access: 'READ-ONLY' },
        '/src/[ab].ts': { owner: '@a', access: 'EXCLUSIVE' },
        '/src/{x,y}.ts': { owner: 'agent-1', access: 'EXCLUSIVE', why: 'task T-01' },
      },
    });
    const { text, diagnostics } = exportCodeowners(matrix, 'ownership.yaml');
    expect(text).toBe('/shared/constants\n# task T-01\n/src/x.ts @agent-1\n/src/y.ts @agent-1\n');
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '/shared/constants: CODEOWNERS knows no READ-ONLY; written without an owner',
      '/src/[ab].ts: GitHub does not read "[" and "]"',
      '/src/{x,y}.ts: agent-1: not an account; written with an @',
    ]);
    expect(exportCodeowners(matrix, 'ownership.yaml', 'gitlab').text).toContain('/src/[ab].ts @a\n');
  });
});
