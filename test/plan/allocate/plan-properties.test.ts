import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapePattern } from '#glob';
import { compileMatrix, resolveOwner } from '#ownership';
import { compactRows, inferFiles, makePlan, matrixOf, patternOf, readDocument, type Plan } from '#plan';

function planOf(text: string, agents?: number, effort: 'fast' | 'best' = 'fast'): Plan {
  const document = inferFiles(readDocument({ path: 'prd.md', content: text }), { trackedFiles: [] });
  return makePlan({ document, tracked: [], agents, roster: [], effort, barriers: 'strict' });
}

const line = fc.record({
  file: fc.integer({ min: 0, max: 6 }),
  folder: fc.constantFrom('src/a', 'src/b', 'lib'),
  hours: fc.integer({ min: 1, max: 4 }),
});

const lines = fc
  .array(line, { minLength: 2, maxLength: 12 })
  .map((rows) =>
    rows.map(
      ({ file, folder, hours }, index) =>
        `- [ ] T${String(index + 1).padStart(3, '0')} Build \`${folder}/f${file}.ts\` (${hours}h)`,
    ),
  );

const documentOf = (rows: readonly string[]): string => `# Feature: X\n## Tasks\n${rows.join('\n')}\n`;

/** Agents that write each path, by the tasks. */
function writersOf(plan: Plan): Map<string, Set<string>> {
  const writers = new Map<string, Set<string>>();
  for (const { agent, files } of plan.tasks)
    for (const path of [...files.create, ...files.modify])
      writers.set(path, (writers.get(path) ?? new Set()).add(agent));
  return writers;
}

/** Owner or `NONE` of a path, as everybody who asks the matrix is told. */
function ownerOf(plan: Plan, path: string): string {
  const found = resolveOwner(compileMatrix({ zones: {}, ...matrixOf(plan) }), path);
  return found.kind === 'ambiguous' ? found.kind : found.rule.owner;
}

test('every path is owned by the one agent that writes it, or by nobody when several do', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 4 }), (rows, agents) => {
      const plan = planOf(documentOf(rows), agents);
      for (const [path, writers] of writersOf(plan))
        expect(ownerOf(plan, path)).toBe(writers.size === 1 ? [...writers][0] : 'NONE');
    }),
    { numRuns: 25 },
  );
});

test('appending an unrelated task never creates a second owner of a path', () => {
  fc.assert(
    fc.property(lines, (rows) => {
      const plan = planOf(documentOf([...rows, '- [ ] T900 Write `docs/other.md` (1h)']), 3);
      const owners = plan.ownership.filter(({ access }) => access === 'EXCLUSIVE').map(({ path }) => path);
      expect(new Set(owners).size).toBe(owners.length);
      for (const [path, writers] of writersOf(plan))
        expect(ownerOf(plan, path)).toBe(writers.size === 1 ? [...writers][0] : 'NONE');
    }),
    { numRuns: 15 },
  );
});

test('CRLF gives the plan that LF gives', () => {
  fc.assert(
    fc.property(lines, (rows) => {
      const plan = planOf(documentOf(rows), 2);
      const other = planOf(documentOf(rows).replaceAll('\n', '\r\n'), 2);
      expect({ ...other, prdHash: plan.prdHash }).toEqual(plan);
    }),
    { numRuns: 10 },
  );
});

test('the order of independent lines changes nothing but the order', () => {
  const independent = fc
    .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 9 })
    .map((hours) =>
      hours.map(
        (each, index) => `- [ ] T${String(index + 1).padStart(3, '0')} Build \`src/f${index}.ts\` (${each}h)`,
      ),
    );
  fc.assert(
    fc.property(
      independent.chain((rows) =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
      ),
      ([rows, shuffled]) => {
        const [one, other] = [planOf(documentOf(rows), 3), planOf(documentOf(shuffled), 3)];
        expect(other.makespanMinutes).toBe(one.makespanMinutes);
        expect(other.tasks.map(({ id }) => id).sort()).toEqual(one.tasks.map(({ id }) => id).sort());
      },
    ),
    { numRuns: 10 },
  );
});

test('with the best effort one more agent never lengthens the plan', () => {
  fc.assert(
    fc.property(lines, (rows) => {
      const spans = [1, 2, 3].map(
        (agents) => planOf(documentOf(rows.slice(0, 7)), agents, 'best').makespanMinutes,
      );
      expect(spans).toEqual(spans.toSorted((a, b) => b - a));
    }),
    { numRuns: 3 },
  );
});

test('a task of its own for a shared file that is worth it for three agents alone is there for four too', () => {
  const text = documentOf([
    '- [ ] T101 Build `src/m4.ts` (4h)',
    '- [ ] T102 Build `src/m5.ts` (2h)',
    '- [ ] T103 Build `src/m5.ts` and `src/types.ts` (4h)',
    '- [ ] T104 Build `src/m0.ts` and `package.json` (4h)',
    '- [ ] T105 Build `src/m5.ts` and `package.json` (3h)',
    '- [ ] T106 Build `src/m5.ts` (4h)',
    '- [ ] T107 Build `src/m3.ts` and `src/types.ts` and `package.json` (1h)',
  ]);
  expect(planOf(text, 4, 'best').makespanMinutes).toBe(765);
});

test('rows give every path its owner by the most specific pattern, and are never more than the paths', () => {
  const paths = fc.dictionary(
    fc
      .array(fc.constantFrom('a', 'b', 'c,d'), { minLength: 1, maxLength: 4 })
      .map((parts) => `${parts.join('/')}.ts`),
    fc.nat(2),
    { minKeys: 1, maxKeys: 20 },
  );
  fc.assert(
    fc.property(paths, (labels) => {
      const wanted = Object.entries(labels).map(([path, label]) => ({ path, label }));
      const rows = compactRows(wanted, 3);
      expect(rows.length).toBeLessThanOrEqual(wanted.length);
      const matrix = compileMatrix({
        version: 1,
        default: { owner: 'NONE', access: 'SEQUENTIAL' },
        zones: {},
        paths: Object.fromEntries(
          rows.map((row) => [
            `/${patternOf(row, escapePattern).replace(/\/$/u, '')}`,
            { owner: `agent-${row.label}`, access: 'EXCLUSIVE' as const },
          ]),
        ),
      });
      for (const { path, label } of wanted)
        expect(resolveOwner(matrix, path)).toMatchObject({
          kind: 'ruled',
          rule: { owner: `agent-${label}` },
        });
    }),
    { numRuns: 100 },
  );
});

test('a log that several agents add to becomes fragments, an ordinary file one owner, each with its reason', () => {
  const plan = planOf(
    documentOf([
      '- [ ] T001 Build `src/a.ts` and note it in `CHANGELOG.md`',
      '- [ ] T002 Build `lib/b.ts` and note it in `CHANGELOG.md`',
      '- [ ] T003 Style `lib/b.ts`',
    ]),
    2,
  );
  const written = plan.tasks
    .flatMap(({ files }) => files.create)
    .filter((path) => path.includes('CHANGELOG'));
  expect(written.map((path) => path.replace(/agent-\d-\w+/u, 'agent'))).toEqual([
    'CHANGELOG.md.d/agent-T001.md',
    'CHANGELOG.md.d/agent-T002.md',
  ]);
  expect(
    plan.ownership.filter(({ path }) => path.includes('CHANGELOG')).map(({ path, access }) => [path, access]),
  ).toEqual([
    ['/CHANGELOG.md', 'SEQUENTIAL'],
    ['/CHANGELOG.md.d', 'PARTITIONED'],
  ]);
  expect(plan.sharedFiles.map(({ path, form, lostMinutes }) => [path, form, lostMinutes])).toEqual([
    ['CHANGELOG.md', 'fragments', 0],
    ['lib/b.ts', 'one owner', 0],
  ]);
});

test('a handoff that was measured to be dear makes fewer agents enough, and the plan says that it was measured', () => {
  const rows = Array.from(
    { length: 12 },
    (_, index) => `- [ ] T${101 + index} Extend \`package.json\` and \`src/f${index}.ts\` (1h)`,
  );
  const document = inferFiles(readDocument({ path: 'prd.md', content: documentOf(rows) }), {
    trackedFiles: [],
  });
  const input = {
    document,
    tracked: [],
    agents: undefined,
    roster: [],
    effort: 'fast',
    barriers: 'strict',
  } as const;
  const dear = { minutes: 600, why: 'measured: 4 handoffs' };
  expect(makePlan({ ...input, handoffCost: dear }).handoffWhy).toBe('measured: 4 handoffs');
  expect(makePlan({ ...input, handoffCost: dear }).agents.length).toBeLessThanOrEqual(
    makePlan(input).agents.length,
  );
});

test('a file is handed on where that saves more than a handoff was measured to take, and only there', () => {
  const rows = ['a', 'a', 'b', 'b', 'c', 'c'].map(
    (file, index) => `- [ ] T${101 + index} Build part ${index} of \`src/${file}.ts\` (4h)`,
  );
  const document = inferFiles(readDocument({ path: 'prd.md', content: documentOf(rows) }), {
    trackedFiles: [],
  });
  const planned = (minutes: number): readonly [number, number] => {
    const plan = makePlan({
      document,
      tracked: [],
      agents: 2,
      roster: [],
      effort: 'normal',
      barriers: 'strict',
      handoffCost: { minutes, why: 'measured' },
    });
    return [plan.makespanMinutes, plan.handoffs.length];
  };
  expect(planned(10)).toEqual([720, 1]);
  expect(planned(180)).toEqual([720, 1]);
  expect(planned(240)).toEqual([960, 0]);
});
