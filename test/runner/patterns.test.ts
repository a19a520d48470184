import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { squadRepository } from '../support/squad-repository.ts';
import { sarifOf } from '../support/sarif.ts';

const parse = (stdout: string): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

test('a race: the same task from the same start, one command judges, one is chosen, the rest stays as refs', async () => {
  const repo = await squadRepository({ 'task-graph.yml': 'T-1: {title: Sum, files: [sum.txt]}\n' });
  const agent = repo.script(
    'agent',
    `case $SQUAD_TASK in *1) echo wrong > sum.txt;; *2) printf '4\\nand\\nmore\\n' > sum.txt;; *3) echo 4 > sum.txt;; esac
git add -A; git commit -qm "feat: $SQUAD_TASK"`,
  );
  const args = [
    'race',
    'T-1',
    '-n',
    '3',
    '--with',
    `${agent} {prompt}`,
    '--accept',
    'grep -qx 4 sum.txt',
    '--json',
  ];
  const { code, stdout } = await repo.run(args);
  const report = parse(stdout) as {
    run: string;
    best: string;
    contenders: { key: string; isAccepted: boolean; added: number; branch: string }[];
  };
  expect([code, report.best]).toEqual([0, 'T-1.try-3']);
  expect(report.contenders.map(({ key, isAccepted, added }) => [key, isAccepted, added])).toEqual([
    ['T-1.try-3', true, 1],
    ['T-1.try-2', true, 3],
    ['T-1.try-1', false, 1],
  ]);
  expect((await repo.run(['choose', report.run, 'T-1.try-1'])).stderr).toContain(
    'T-1.try-1 was not accepted',
  );
  const chosen = parse((await repo.run(['choose', report.run, 'T-1.try-3', '--json'])).stdout) as {
    kept: { key: string; ref: string }[];
  };
  expect(chosen.kept.map(({ key, ref }) => [key, repo.git('show', `${ref}:sum.txt`)])).toEqual([
    ['T-1.try-2', '4\nand\nmore'],
    ['T-1.try-1', 'wrong'],
  ]);
  expect(
    repo
      .git('branch', '--list', '--format=%(refname:short)', 'squad/run-*')
      .split('\n')
      .map((branch) => repo.git('show', `${branch}:sum.txt`)),
  ).toEqual(['4']);
});

test('writer and reviewer: findings go back until there are none, and only then the work is merged', async () => {
  const repo = await squadRepository({ 'task-graph.yml': 'T-1: {title: Greet, files: [hi.txt]}\n' });
  const writer = repo.script(
    'writer',
    `if printf '%s' "$1" | grep -q 'A reviewer found'; then printf '%s' "$1" | grep -q 'error hi.txt:1 no full stop' && echo 'hello.' > hi.txt
else echo hello > hi.txt; fi`,
  );
  const reviewer = repo.script(
    'reviewer',
    `git diff --stat "$(printf '%s' "$1" | sed -n 's/.*between commit \\([0-9a-f]*\\) .*/\\1/p')" | grep -q hi.txt || exit 3
echo 'I looked at it.'; echo '\`\`\`json'
if grep -q 'hello\\.' hi.txt; then echo '{"findings": []}'
else echo '{"findings": [{"severity": "high", "path": "hi.txt", "line": 1, "rule": "stop", "message": "no full stop"}]}'; fi
echo '\`\`\`'`,
  );
  const pair = (rounds: string) =>
    repo.run([
      'pair',
      'T-1',
      '--rounds',
      rounds,
      '--with',
      `${writer} {prompt}`,
      '--reviewer',
      `${reviewer} {prompt}`,
      '--json',
    ]);
  const short = await pair('1');
  expect([short.code, parse(short.stdout)]).toMatchObject([
    1,
    {
      isClean: false,
      reason: 'findings are left after 1 rounds',
      findings: [{ severity: 'error', path: 'hi.txt', line: 1 }],
    },
  ]);
  expect(repo.git('show', `${String(parse(short.stdout)['branch'])}:hi.txt`)).toBe('hello');
  const full = await pair('3');
  expect([full.code, parse(full.stdout)]).toMatchObject([0, { isClean: true, rounds: 2, findings: [] }]);
  expect(repo.git('show', `${String(parse(full.stdout)['integration'])}:hi.txt`)).toBe('hello.');
});

test('a reviewer without a verdict is no approval', async () => {
  const repo = await squadRepository({ 'task-graph.yml': 'T-1: {title: a}\n' });
  const { code, stdout } = await repo.run([
    'pair',
    'T-1',
    '--with',
    'echo fine {prompt} >/dev/null',
    '--json',
  ]);
  expect([code, parse(stdout)]).toMatchObject([1, { isClean: false, reason: 'reviewer: gave no verdict' }]);
});

test('cross-verification: a second agent reviews, a third tests, on branches of their own', async () => {
  const repo = await squadRepository({
    'task-graph.yml':
      'T-1: {title: a, agent: ann, files: [a.txt]}\nT-2: {title: b, agent: bob, files: [b.txt]}\nT-3: {title: c, agent: cyd, files: [c.txt]}\n',
  });
  const agent = repo.script('agent', 'echo "$AGENT_ID" > "$AGENT_ID.txt"; git add -A; git commit -qm work');
  const run = parse((await repo.run(['--with', `${agent} {prompt}`, '--json'])).stdout) as {
    run: string;
    items: { branch: string }[];
  };
  const checker = repo.script(
    'checker',
    `case $SQUAD_TASK in *.test) echo test > "$SQUAD_TASK.txt";; esac
ls *.txt | tr '\\n' ' ' | sed 's/^/{"findings": [{"severity": "note", "path": "'"$SQUAD_TASK"'", "message": "'"$AGENT_ID"' saw /; s/$/"}]}/'`,
  );
  const { code, stdout } = await repo.run(['cross', run.run, '--with', `${checker} {prompt}`, '--json']);
  const { findings } = parse(stdout) as { findings: { path: string; message: string }[] };
  expect([code, findings.map(({ path, message }) => [path, message.trim()])]).toEqual([
    0,
    [
      ['T-1.review', 'bob saw ann.txt'],
      ['T-1.test', 'cyd saw T-1.test.txt ann.txt'],
      ['T-2.review', 'cyd saw bob.txt'],
      ['T-2.test', 'ann saw T-2.test.txt bob.txt'],
      ['T-3.review', 'ann saw cyd.txt'],
      ['T-3.test', 'bob saw T-3.test.txt cyd.txt'],
    ],
  ]);
  expect(run.items.map(({ branch }) => repo.git('ls-tree', '--name-only', branch)).join('\n')).not.toContain(
    '.test',
  );
});

test('a review: one agent per lens, merged, each finding once, worst first; one that fails stops no other', async () => {
  const repo = await squadRepository({ 'src/a.ts': 'a\n' });
  const agent = repo.script(
    'agent',
    `case $AGENT_ID in
*security) echo '{"findings": [{"severity": "critical", "path": "src/a.ts", "line": 3, "rule": "injection", "message": "the name reaches the shell unquoted"}]}';;
*style) echo '{"findings": [{"severity": "low", "path": "src/a.ts", "line": 9, "rule": "naming", "message": "x says nothing"}, {"severity": "medium", "path": "./src/a.ts", "line": 3, "rule": "quoting", "message": "The name reaches the shell unquoted."}]}';;
*testing) exit 4;;
*) echo '{"findings": []}';; esac`,
  );
  const args = [
    'review',
    '--with',
    `${agent} {prompt}`,
    '--lens',
    'security,style,testing,architecture',
    '--json',
  ];
  const { code, stdout } = await repo.run(args);
  const report = parse(stdout) as { report: string; sarif: string; findings: unknown; verdicts: unknown };
  expect(code).toBe(1);
  expect(report.findings).toEqual([
    {
      severity: 'error',
      rule: 'injection',
      message: 'the name reaches the shell unquoted',
      path: 'src/a.ts',
      line: 3,
      by: ['security', 'style'],
    },
    { severity: 'note', rule: 'naming', message: 'x says nothing', path: 'src/a.ts', line: 9, by: ['style'] },
  ]);
  expect(readFileSync(report.report, 'utf8')).toBe(`# Review

- security: 1 finding
- style: 2 findings
- architecture: 0 findings
- testing: no verdict (exit 4)

## Errors

- \`src/a.ts:3\` **injection** the name reaches the shell unquoted (security, style)

## Notes

- \`src/a.ts:9\` **naming** x says nothing (style)
`);
  const sarif = sarifOf(readFileSync(report.sarif, 'utf8'));
  expect(sarif.runs[0]?.results.map(({ level, ruleId }) => [level, ruleId])).toEqual([
    ['error', 'injection'],
    ['note', 'naming'],
  ]);
  expect((await repo.run([...args.slice(0, 3), '--lens', 'securty'])).stderr).toBe(
    'error USAGE: there is no lens "securty"\n  did you mean security?\n',
  );
});

test('tests in several environments: own folders and ports, the others go on when one fails, one report', async () => {
  const repo = await squadRepository({ 'a.txt': 'a\n' });
  const seen = join(repo.outside, 'seen');
  const note = `echo "$TMPDIR $PORT" >> '${seen}'; touch "$TMPDIR/x"`;
  const args = [
    'test',
    '--json',
    '--env',
    `unit=${note}`,
    '--env',
    `e2e=${note}; echo 3 tests failed; exit 1`,
    '--env',
    `lint=${note}`,
  ];
  const { code, stdout } = await repo.run(args);
  const report = parse(stdout) as {
    findings: { message: string }[];
    verdicts: { name: string; count: number }[];
  };
  expect([code, report.verdicts.map(({ name, count }) => [name, count])]).toEqual([
    1,
    [
      ['unit', 0],
      ['e2e', 1],
      ['lint', 0],
    ],
  ]);
  expect(report.findings[0]?.message).toMatch(/^e2e: exit 1: 3 tests failed\n3 tests failed\nlog: \//u);
  const lines = readFileSync(seen, 'utf8').trim().split('\n');
  expect([new Set(lines.map((line) => line.split(' ').at(-1))).size, new Set(lines).size]).toEqual([3, 3]);
  expect(lines.filter((line) => existsSync(line.slice(0, line.lastIndexOf(' '))))).toEqual([]);
});

test('two test runs at once never share a port, also under the same names', async () => {
  const repo = await squadRepository({ 'a.txt': 'a\n' });
  const ports = join(repo.outside, 'ports');
  // Each waits (bounded) until the other has its port as well.
  const both = `echo $PORT >> '${ports}'; for i in $(seq 200); do [ "$(wc -l < '${ports}')" -ge 2 ] && exit 0; sleep 0.05; done; exit 1`;
  const runs = await Promise.all([1, 2].map(() => repo.run(['test', '--json', '--env', `unit=${both}`])));
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect(new Set(readFileSync(ports, 'utf8').trim().split('\n')).size).toBe(2);
});
