import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderDiagnostic, type OwnershipMatrix } from '#protocol';
import {
  ambiguityDiagnostic,
  compileMatrix,
  findAmbiguities,
  isOwner,
  parseOwnership,
  readOwnership,
  renderOwnership,
  resolveOwner,
  type CompiledMatrix,
} from '#ownership';
import { createNodeStore } from '#store';
import { describe, expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const SEED = `/frontend:
  owner: frontend-ui-developer
  access: EXCLUSIVE
/shared:
  owner: NONE
  access: SEQUENTIAL
/shared/constants: { owner: NONE, access: READ-ONLY }
/CHANGELOG.md: { owner: NONE, access: PARTITIONED }
`;

async function compiled(text: string): Promise<CompiledMatrix> {
  const parsed = await parseOwnership(text, '.squad/ownership.yaml');
  if (!parsed.ok) throw new Error(parsed.error.map((problem) => renderDiagnostic(problem)).join('\n'));
  return compileMatrix(parsed.value, text);
}

async function problemsOf(text: string): Promise<readonly string[]> {
  const parsed = await parseOwnership(text, 'ownership.yaml');
  return parsed.ok ? [] : parsed.error.map((problem) => renderDiagnostic(problem, text));
}

describe('the most specific rule speaks for a path', () => {
  test.each([
    ['frontend/App.tsx', 'frontend-ui-developer', 'EXCLUSIVE'],
    ['frontend', 'frontend-ui-developer', 'EXCLUSIVE'],
    ['shared/types/a.ts', 'NONE', 'SEQUENTIAL'],
    ['shared/constants/a.ts', 'NONE', 'READ-ONLY'],
    ['CHANGELOG.md', 'NONE', 'PARTITIONED'],
    ['backend/a.ts', 'NONE', 'SEQUENTIAL'],
  ])('%s: %s, %s', async (path, owner, access) => {
    expect(resolveOwner(await compiled(SEED), path).kind).not.toBe('ambiguous');
    expect(resolveOwner(await compiled(SEED), path)).toMatchObject({ rule: { owner, access } });
  });

  test('and says why', async () => {
    expect(resolveOwner(await compiled(SEED), 'shared/constants/a.ts')).toMatchObject({
      kind: 'ruled',
      why: '/shared/constants is more specific than /shared',
      rule: { pattern: '/shared/constants', line: 7 },
    });
  });

  test('decided by containment, not by the length of the text', async () => {
    const matrix = await compiled(
      '/src/*.ts: { owner: wide, access: EXCLUSIVE }\n/src/[ab].ts: { owner: narrow, access: EXCLUSIVE }\n',
    );
    expect(resolveOwner(matrix, 'src/a.ts')).toMatchObject({ rule: { owner: 'narrow' } });
    expect(resolveOwner(matrix, 'src/c.ts')).toMatchObject({ rule: { owner: 'wide' } });
  });

  test('an exception takes paths out of a rule', async () => {
    const matrix = await compiled(
      '/src: { owner: a, access: EXCLUSIVE, except: ["/src/**/*.css"] }\n/**/*.css: { owner: b, access: EXCLUSIVE }\n',
    );
    expect(findAmbiguities(matrix)).toEqual([]);
    expect(resolveOwner(matrix, 'src/x.css')).toMatchObject({ rule: { owner: 'b' } });
    expect(resolveOwner(matrix, 'src/x.ts')).toMatchObject({ rule: { owner: 'a' } });
  });
});

describe('rules that disagree without one being more specific', () => {
  const text = '/src: { owner: a, access: EXCLUSIVE }\n/**/*.css: { owner: b, access: EXCLUSIVE }\n';

  test('are found with a path in both', async () => {
    const [ambiguity] = findAmbiguities(await compiled(text));
    expect(ambiguity).toMatchObject({ witness: 'src/a.css' });
    expect(ambiguity && renderDiagnostic(ambiguityDiagnostic(ambiguity, 'ownership.yaml'), text)).toBe(
      [
        'ownership.yaml:2:1 error OWNERSHIP_AMBIGUOUS /**/*.css (b, EXCLUSIVE) and /src (a, EXCLUSIVE), line 1, both cover src/a.css and neither is more specific',
        '  2 | /**/*.css: { owner: b, access: EXCLUSIVE }',
        '    | ^^^^^^^^^',
        '  hint: add a rule for what they share, or take it from one: /**/*.css: { …, except: ["/src"] }',
      ].join('\n'),
    );
  });

  test('leave the paths they share undecided, and only those', async () => {
    const matrix = await compiled(text);
    expect(resolveOwner(matrix, 'src/a.css').kind).toBe('ambiguous');
    expect(resolveOwner(matrix, 'src/a.ts').kind).toBe('ruled');
  });

  test('are settled by a rule for all they share', async () => {
    const matrix = await compiled(`${text}/src/**/*.css: { owner: b, access: EXCLUSIVE }\n`);
    expect(findAmbiguities(matrix)).toEqual([]);
    expect(resolveOwner(matrix, 'src/a.css')).toMatchObject({ kind: 'ruled', rule: { owner: 'b' } });
  });

  test('are no matter when they agree', async () => {
    expect(findAmbiguities(await compiled(text.replace('owner: b', 'owner: a')))).toEqual([]);
  });
});

describe('what cannot be read is reported with its place, all at once', () => {
  test('a wrong access, a bad pattern, a rule that is none', async () => {
    const text = '/a:\n  owner: x\n  access: EXCLUSIV\n"/b/[c": { access: READ-ONLY }\n/d: mine\n';
    expect(await problemsOf(text)).toEqual([
      [
        'ownership.yaml:5:1 error FIELD_INVALID "/d" is not a rule',
        '  5 | /d: mine',
        '    | ^^',
        '  expected: a mapping with owner and access',
        '  found: "mine"',
        '  hint: write: /d: { owner: NONE, access: SEQUENTIAL }',
      ].join('\n'),
      [
        'ownership.yaml:3:3 error FIELD_INVALID access of /a',
        '  3 |   access: EXCLUSIV',
        '    |   ^^^^^^',
        '  expected: EXCLUSIVE | SEQUENTIAL | READ-ONLY | PARTITIONED',
        '  found: "EXCLUSIV"',
      ].join('\n'),
      [
        'ownership.yaml:4:1 error PATTERN_INVALID /b/[c: "[" is not closed',
        '  4 | "/b/[c": { access: READ-ONLY }',
        '    | ^^^^^^^',
        '  hint: write \\[ for a bracket in a name, as in app/\\[id\\]/page.tsx',
      ].join('\n'),
    ]);
  });

  test.each([
    ['version: 2\n', 'ownership.yaml:1:1 error FORMAT_VERSION_UNSUPPORTED version'],
    ['- a\n', 'ownership.yaml error FIELD_INVALID the matrix is not a mapping'],
    ['/a: {\n', 'ownership.yaml:2:1 error YAML_INVALID'],
    [
      'a: { access: READ-ONLY }\n/a: { access: READ-ONLY }\n',
      'ownership.yaml:1:1 error FIELD_INVALID "/a" has two rules',
    ],
    [
      '/a:\n  owner: bob\n  access: EXCLUSIVE\n  exept: [/a/b.ts]\n',
      'ownership.yaml:4:3 error FIELD_INVALID "exept" is no field of a rule',
    ],
  ])('%j', async (text, first) => {
    expect((await problemsOf(text))[0]?.slice(0, first.length)).toBe(first);
  });
});

test('a rendered matrix reads back as it was', async () => {
  const matrix: OwnershipMatrix = {
    version: 1,
    default: { owner: 'NONE', access: 'SEQUENTIAL' },
    zones: { git: { commands: ['git commit'], why: 'one index' } },
    paths: {
      '/frontend': { owner: 'agent-1-frontend', access: 'EXCLUSIVE', why: 'T-01' },
      '/app/\\[id\\]/**': { owner: 'NONE', access: 'SEQUENTIAL', order: ['agent-1', 'agent-2'] },
      '/*.md': { owner: 'NONE', access: 'READ-ONLY', except: ['/README.md'], mode: 'warn' },
    },
  };
  const text = await renderOwnership(matrix);
  expect(text).toBe(`version: 1
default:
  owner: NONE
  access: SEQUENTIAL
zones:
  git:
    commands:
      - git commit
    why: one index
/frontend:
  owner: agent-1-frontend
  access: EXCLUSIVE
  why: T-01
/app/\\[id\\]/**:
  owner: NONE
  access: SEQUENTIAL
  order:
    - agent-1
    - agent-2
/*.md:
  owner: NONE
  access: READ-ONLY
  except:
    - /README.md
  mode: warn
`);
  expect(await parseOwnership(text, 'ownership.yaml')).toEqual({ ok: true, value: matrix });
});

test('an edit of the matrix holds at the next reading', async () => {
  const squadDir = join(testdir({ '.squad/ownership.yaml': SEED }), '.squad');
  const store = createNodeStore();
  expect(resolveOwner(await readOwnership(store, squadDir), 'backend/a.ts').kind).toBe('default');
  writeFileSync(join(squadDir, 'ownership.yaml'), `${SEED}/backend: { owner: b, access: EXCLUSIVE }\n`);
  expect(resolveOwner(await readOwnership(store, squadDir), 'backend/a.ts')).toMatchObject({
    rule: { owner: 'b' },
  });
});

test('a fresh twin is read instead of the YAML', async () => {
  const squadDir = join(testdir({ '.squad/ownership.yaml': SEED }), '.squad');
  const store = createNodeStore();
  await readOwnership(store, squadDir);
  const twin = join(squadDir, '.run', 'ownership.json');
  writeFileSync(
    twin,
    readFileSync(twin, 'utf8').replaceAll('"owner":"frontend-ui-developer"', '"owner":"twin"'),
  );
  expect(resolveOwner(await readOwnership(store, squadDir), 'frontend/a')).toMatchObject({
    rule: { owner: 'twin' },
  });
});

test('without a matrix every path is SEQUENTIAL, and an unreadable one is refused', async () => {
  const root = testdir();
  const store = createNodeStore();
  expect(resolveOwner(await readOwnership(store, root), 'a')).toMatchObject({
    rule: { access: 'SEQUENTIAL' },
  });
  mkdirSync(join(root, 'bad'));
  writeFileSync(join(root, 'bad', 'ownership.yaml'), '/a: 1\n');
  await expect(readOwnership(store, join(root, 'bad'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('folders may bear the names of object properties', async () => {
  const text =
    '/constructor: { owner: a, access: EXCLUSIVE }\n/__proto__/**: { owner: b, access: EXCLUSIVE }\n';
  const matrix = await compiled(text);
  const read = JSON.parse(JSON.stringify(matrix)) as CompiledMatrix;
  for (const each of [matrix, read]) {
    expect(resolveOwner(each, 'constructor/x.ts')).toMatchObject({ rule: { owner: 'a' } });
    expect(resolveOwner(each, '__proto__/x.ts')).toMatchObject({ rule: { owner: 'b' } });
    expect(resolveOwner(each, 'toString/x.ts').kind).toBe('default');
    expect(findAmbiguities(each)).toEqual([]);
  }
});

test('an owner is an agent, a role or a login', () => {
  const actor = { agent: 'agent-1-frontend', roles: ['frontend-ui-developer'] };
  expect(
    ['agent-1-frontend', 'frontend-ui-developer', 'agent-2', 'NONE'].map((owner) => isOwner(owner, actor)),
  ).toEqual([true, true, false, false]);
  expect(isOwner('@ada', { agent: 'human-ada', roles: [] })).toBe(true);
});

test('a byte order mark and Windows line ends do not hide the line of a rule', async () => {
  const matrix = await compiled(
    '\uFEFF/a: { owner: x, access: EXCLUSIVE }\r\n/b: { owner: y, access: EXCLUSIVE }\r\n',
  );
  expect(matrix.rules.map(({ pattern, line }) => [pattern, line])).toEqual([
    ['/a', 1],
    ['/b', 2],
  ]);
});
