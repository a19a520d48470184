import fc from 'fast-check';
import { compileMatrix, resolveOwner } from '#ownership';
import { expect, test } from 'vitest';
import { checkTeam, inferFiles, makePlan, matrixOf, readDocument, renderPlanFiles, type Plan } from '#plan';
import type { Diagnostic, OwnershipRule } from '#protocol';

/** Tasks of two roles that write few files, so that some are shared, and wait for earlier ones. */
const plans = fc
  .array(
    fc.record({
      file: fc.nat(2),
      role: fc.constantFrom('one', 'two'),
      after: fc.array(fc.nat(8), { maxLength: 2 }),
    }),
    { minLength: 3, maxLength: 9 },
  )
  .map((tasks) =>
    tasks.map(({ file, role, after }, index) => {
      const id = (place: number): string => `T${String(place + 1).padStart(3, '0')}`;
      const ids = [...new Set(after.filter((place) => place < index).map(id))];
      const depends = ids.length === 0 ? '' : ` (depends on ${ids.join(', ')})`;
      return `- [ ] ${id(index)} Build \`src/f${file}.ts\`${depends}\n  - Agent: ${role}\n`;
    }),
  )
  .map((lines): Plan => {
    const read = readDocument({ path: 'tasks.md', content: lines.join('') });
    return makePlan({
      document: inferFiles(read, { trackedFiles: [] }),
      tracked: [],
      agents: 2,
      roster: ['one', 'two'].map((name) => ({ name, skills: [name] })),
      effort: 'fast',
      barriers: 'strict',
    });
  });

function check(
  plan: Plan,
  changed: {
    readonly paths?: Readonly<Record<string, OwnershipRule>>;
    readonly text?: (text: string) => string;
  } = {},
): readonly Diagnostic[] {
  const matrix = {
    ...matrixOf(plan),
    zones: {},
    ...(changed.paths === undefined ? {} : { paths: changed.paths }),
  };
  const compiled = compileMatrix(matrix, '');
  return checkTeam({
    plans: renderPlanFiles(plan).map(({ path, text }) => ({ path, text: changed.text?.(text) ?? text })),
    matrix,
    matrixPath: '.squad/ownership.yaml',
    matrixText: '',
    ruleFor: (path) => {
      const found = resolveOwner(compiled, path);
      return found.kind === 'ambiguous' ? compiled.default : found.rule;
    },
    exists: () => true,
    documentTasks: [],
    documentPath: 'tasks.md',
    finished: new Set(),
  }).filter(({ severity }) => severity === 'error');
}

test('a plan as made has no error', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expect(check(plan)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('without its turns a shared path has two writers', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { paths } = matrixOf(plan);
      for (const [path, rule] of Object.entries(paths)) {
        if (rule.access !== 'SEQUENTIAL' || new Set(rule.order).size < 2) continue;
        const owner = rule.order?.[0] ?? 'NONE';
        const found = check(plan, { paths: { ...paths, [path]: { owner, access: 'EXCLUSIVE' } } });
        expect(found.map(({ code }) => code)).toContain('FILE_TWO_WRITERS');
      }
    }),
    { numRuns: 25 },
  );
});

test('without an edge of its header a plan contradicts itself', () => {
  fc.assert(
    fc.property(plans, fc.nat(), (plan, seed) => {
      const waiting = plan.tasks.filter(({ dependsOn }) => dependsOn.length > 0);
      const task = waiting[seed % Math.max(1, waiting.length)];
      const gone = task?.dependsOn[seed % (task.dependsOn.length || 1)];
      fc.pre(task !== undefined && gone !== undefined);
      const found = check(plan, {
        text: (text) =>
          text.replace(
            new RegExp(`(- id: ${task?.id}\\n[^]*?depends_on:)([^]*?)(\\n\\s+estimate_minutes)`, 'u'),
            (_whole, head: string, ids: string, tail: string) =>
              head + (ids.replace(new RegExp(`\\n\\s+- ${gone}(?=\\n|$)`, 'u'), '') || ' []') + tail,
          ),
      });
      expect(found.map(({ code }) => code)).toContain('PLAN_BODY_DIFFERS');
    }),
    { numRuns: 25 },
  );
});
