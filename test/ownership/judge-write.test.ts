import { compileMatrix, findForeignChange, judgeWrite, parseOwnership, parseRegions } from '#ownership';
import { describe, expect, test } from 'vitest';

const MATRIX = `/frontend: { owner: agent-1, access: EXCLUSIVE }
/backend: { owner: backend-dev, access: EXCLUSIVE, mode: warn }
/shared: { owner: NONE, access: SEQUENTIAL }
/shared/constants: { owner: NONE, access: READ-ONLY }
/CHANGELOG.md: { owner: NONE, access: PARTITIONED }
/CHANGELOG.d: { owner: NONE, access: PARTITIONED, fragments: "CHANGELOG.d/<agent>-*.md" }
/notes: { owner: NONE, access: PARTITIONED }
/x: { owner: a, access: EXCLUSIVE }
/**/*.css: { owner: b, access: EXCLUSIVE }
`;

async function judge(
  agent: string,
  path: string,
  change?: { before: string | undefined; after: string | undefined },
) {
  const parsed = await parseOwnership(MATRIX, 'ownership.yaml');
  if (!parsed.ok) throw new Error('the matrix is wrong');
  const actor = { agent, roles: agent === 'agent-2' ? ['backend-dev'] : [] };
  const verdict = judgeWrite(compileMatrix(parsed.value, MATRIX), {
    path,
    actor,
    ...(change === undefined ? {} : { change }),
  });
  return verdict.kind === 'allowed'
    ? [verdict.needsLease ? 'lease' : 'allowed']
    : [verdict.reason, verdict.mode, verdict.why];
}

describe('every level means something', () => {
  test.each([
    ['agent-1', 'frontend/a.ts', ['allowed']],
    ['agent-2', 'frontend/a.ts', ['owned-by-another', 'block', 'EXCLUSIVE to agent-1']],
    ['agent-2', 'backend/a.ts', ['allowed']],
    ['agent-1', 'backend/a.ts', ['owned-by-another', 'warn', 'EXCLUSIVE to backend-dev']],
    ['agent-1', 'shared/a.ts', ['lease']],
    ['agent-1', 'unruled.ts', ['lease']],
    ['agent-1', 'shared/constants/a.ts', ['read-only', 'block', 'READ-ONLY: nobody writes it']],
    ['agent-1', 'CHANGELOG.d/agent-1-fix.md', ['allowed']],
    [
      'agent-1',
      'CHANGELOG.d/agent-2-fix.md',
      ['foreign-fragment', 'block', 'PARTITIONED: your fragments are CHANGELOG.d/agent-1-*.md'],
    ],
    ['agent-1', 'notes/agent-1/a/b.md', ['allowed']],
    [
      'agent-1',
      'notes/plan.md',
      [
        'foreign-fragment',
        'block',
        'PARTITIONED: your fragments are notes/agent-1-*, notes/agent-1.*, notes/agent-1/**',
      ],
    ],
    [
      'a',
      'x/y.css',
      ['ambiguous', 'block', '/**/*.css and /x cover the path, disagree, and none is more specific'],
    ],
  ])('%s writing %s: %j', async (agent, path, expected) => {
    expect(await judge(agent, path)).toEqual(expected);
  });
});

describe('regions of a file that everyone writes', () => {
  const before = `# Changes

<!-- squad:begin agent-1 -->
- one
<!-- squad:end agent-1 -->

<!-- squad:begin agent-2 -->
- two
<!-- squad:end agent-2 -->
`;

  test('an agent writes inside its own', async () => {
    expect(
      await judge('agent-1', 'CHANGELOG.md', { before, after: before.replace('- one', '- one\n- more') }),
    ).toEqual(['allowed']);
  });

  test('an agent may add its own', () => {
    const after = `${before}\n<!-- squad:begin agent-3:fixes -->\n- x\n<!-- squad:end agent-3:fixes -->\n`;
    expect(findForeignChange({ before, after, agent: 'agent-3' })).toBeUndefined();
  });

  test('but not into another', async () => {
    expect(
      await judge('agent-1', 'CHANGELOG.md', { before, after: before.replace('- two', '- mine') }),
    ).toEqual([
      'foreign-region',
      'block',
      'PARTITIONED: region agent-2 is not yours; write between "squad:begin agent-1" and "squad:end agent-1"',
    ]);
  });

  test.each([
    [
      'text outside',
      before.replace('# Changes', '# Mine'),
      { line: 1, message: 'text outside every region was changed' },
    ],
    ['a removed region', before.slice(0, before.indexOf('<!-- squad:begin agent-2')), { region: 'agent-2' }],
    [
      'a region left open',
      before.replace('<!-- squad:end agent-2 -->\n', ''),
      { line: 7, message: 'region agent-2 is not ended' },
    ],
    [
      'text added at the end',
      `${before}more\n`,
      { line: 10, message: 'text outside every region was changed' },
    ],
  ])('%s is told with its line', (_, after, expected) => {
    expect(findForeignChange({ before, after, agent: 'agent-1' })).toMatchObject(expected);
  });

  test('a deleted file, and a new one with a region of another', async () => {
    expect((await judge('agent-1', 'CHANGELOG.md', { before, after: undefined }))[0]).toBe('foreign-region');
    expect((await judge('agent-1', 'CHANGELOG.md', { before: undefined, after: before }))[0]).toBe(
      'foreign-region',
    );
    expect(await judge('agent-1', 'CHANGELOG.md', { before: undefined, after: '# Changes\n' })).toEqual([
      'allowed',
    ]);
  });

  test('markers stand in any comment and do not nest', () => {
    expect(parseRegions('// squad:begin a\nx\n// squad:begin b\n// squad:end a\n# squad:end c\n')).toEqual({
      regions: [{ name: 'a', first: 1, last: 4 }],
      problems: [
        { line: 3, message: 'region b begins inside a' },
        { line: 5, message: 'region c ends but was not open' },
      ],
    });
  });
});
