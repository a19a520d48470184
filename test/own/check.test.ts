import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { callGuard } from '../support/guarded.ts';
import { gitIn } from '../support/repository.ts';
import { sarifOf } from '../support/sarif.ts';
import { ownedRepository, writeFiles } from '../support/owned-repository.ts';

const own = (cwd: string, args: readonly string[], env: Record<string, string> = {}) =>
  runBin('squad-own', args, { cwd, env });

interface Report {
  readonly checked: number;
  readonly refused: number;
  readonly findings: readonly {
    path: string;
    reason: string;
    severity: string;
    agent?: string;
    worktree?: string;
  }[];
}

async function reportOf(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const result = await own(cwd, ['check', ...args, '--json'], env);
  const report = JSON.parse(result.stdout) as Report;
  return {
    code: result.code,
    found: report.findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ path, reason, severity, agent }) => [path, reason, severity, agent ?? 'unknown'].join(' ')),
  };
}

describe('squad-own check', () => {
  test('judges what the index holds by the matrix, from any folder', async () => {
    const root = ownedRepository();
    writeFiles(root, {
      'frontend/App.tsx': '2\n',
      'backend/api.ts': '2\n',
      LICENSE: '2\n',
      'CHANGELOG.d/agent-2-x.md': 'x\n',
    });
    gitIn(root, 'add', '--all');
    expect(await reportOf(join(root, 'frontend'), ['--staged'], { AGENT_ID: 'agent-1' })).toEqual({
      code: 1,
      found: [
        'CHANGELOG.d/agent-2-x.md foreign-fragment error agent-1',
        'LICENSE read-only error agent-1',
        'backend/api.ts owned-by-another error agent-1',
      ],
    });
  });

  test('says owner, rule, evidence and what next', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'backend/api.ts': '2\n' });
    const { code, stdout } = await own(root, ['check', '--agent', 'agent-1']);
    expect(code).toBe(1);
    expect(stdout)
      .toBe(`backend/api.ts error owned-by-another: modified by agent-1 against /backend (.squad/ownership.yaml:2); EXCLUSIVE to agent-2
  next: squad-comms request backend/api.ts --reason "…"
1 change checked: 1 refused
`);
    gitIn(root, 'add', '--all');
    expect((await own(root, ['check', '--staged', '--agent', 'agent-1'])).stdout).toContain(
      '\n  next: git restore --staged -- backend/api.ts\n',
    );
  });

  test('of a checkout that agents share, each change is judged as its recorder’s, until somebody stages it', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'backend/api.ts': '2\n', 'frontend/App.tsx': '2\n' });
    const tool = { tool_name: 'Edit', tool_input: { file_path: 'backend/api.ts' } };
    await callGuard({ root, as: 'agent-2', event: 'post-tool', input: { session_id: 's2', ...tool } });
    const check = async (...more: string[]) =>
      (await own(root, ['check', '--agent', 'agent-1', ...more])).stdout.split(' ', 2).join(' ');
    expect(await check()).toBe('2 changes');
    // Asked by name, the question is whether the caller may.
    expect(await check('backend/api.ts')).toBe('backend/api.ts error');
    gitIn(root, 'add', '--all');
    expect(await check('--staged')).toBe('backend/api.ts error');
  });

  test('asks for the lease of a SEQUENTIAL path, and knows who has it', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'shared/types.ts': '2\n' });
    const me = { AGENT_ID: 'agent-1' };
    expect((await reportOf(root, [], me)).found).toEqual(['shared/types.ts not-leased error agent-1']);
    await runBin('squad-lock', ['acquire', 'shared/types.ts'], { cwd: root, env: me });
    expect(await reportOf(root, [], me)).toEqual({ code: 0, found: [] });
    expect((await reportOf(root, [], { AGENT_ID: 'agent-2' })).found).toEqual([
      'shared/types.ts leased-by-another error agent-2',
    ]);
  });

  test('refuses a holder that lost its lease when another held the file since', async () => {
    const root = ownedRepository();
    const lock = (agent: string, ...args: string[]) =>
      runBin('squad-lock', args, { cwd: root, env: { AGENT_ID: agent } });
    await lock('agent-1', 'acquire', 'shared/types.ts');
    await lock('agent-2', 'break', 'shared/types.ts', '--reason', 'test');
    writeFiles(root, { 'shared/types.ts': '2\n' });
    expect((await reportOf(root, [], { AGENT_ID: 'agent-1' })).found).toEqual([
      'shared/types.ts not-leased error agent-1',
    ]);
    await lock('agent-2', 'acquire', 'shared/types.ts');
    await lock('agent-2', 'release', 'shared/types.ts');
    expect((await reportOf(root, [], { AGENT_ID: 'agent-1' })).found).toEqual([
      'shared/types.ts lease-lost error agent-1',
    ]);
  });

  test('a person who set no AGENT_ID is told, not refused, except for what an agent holds', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'backend/api.ts': '2\n' });
    expect(await reportOf(root, [])).toEqual({
      code: 0,
      found: ['backend/api.ts owned-by-another warning unknown'],
    });
  });

  test('an edit of the matrix holds at once, also in a linked worktree', async () => {
    const root = ownedRepository();
    gitIn(root, 'worktree', 'add', '--quiet', join(root, 'wt two'), '-b', 'two');
    writeFiles(join(root, 'wt two'), { 'notes.txt': '2\n' });
    const me = { AGENT_ID: 'agent-1' };
    expect((await reportOf(join(root, 'wt two'), [], me)).found).toEqual([]);
    writeFileSync(join(root, '.squad/ownership.yaml'), '/notes.txt: { owner: NONE, access: READ-ONLY }\n');
    expect((await reportOf(join(root, 'wt two'), [], me)).found).toEqual([
      'notes.txt read-only error agent-1',
    ]);
  });

  test('--base judges each commit by its own agent, and a stranger softly', async () => {
    const root = ownedRepository();
    gitIn(root, 'branch', 'base');
    const commit = (path: string, ...args: string[]) => {
      writeFiles(root, { [path]: `${path} ${args.join('')}\n` });
      gitIn(root, 'add', '--all');
      gitIn(root, 'commit', '--quiet', '-m', 'change', ...args);
    };
    commit('backend/api.ts', '--trailer', 'Squad-Agent: agent-2');
    commit('backend/api.ts', '--trailer', 'Squad-Agent: agent-1');
    commit('frontend/App.tsx', '--author', 'agent-2 <a@b>');
    commit('LICENSE');
    expect(await reportOf(root, ['--base', 'base'])).toEqual({
      code: 1,
      found: [
        'backend/api.ts owned-by-another error agent-1',
        'frontend/App.tsx owned-by-another error agent-2',
        'LICENSE read-only warning human-test',
      ],
    });
    expect((await own(root, ['check', '--base', 'nowhere'])).stderr).toBe(
      'error GIT_FAILED: there is no commit nowhere\n  fetch it first; in GitHub Actions use actions/checkout with fetch-depth: 0\n',
    );
  });

  test('--worktrees judges all of them and finds a path that two change', async () => {
    const root = ownedRepository();
    gitIn(root, 'worktree', 'add', '--quiet', join(root, '..', 'two of test'), '-b', 'two');
    try {
      writeFiles(root, { 'notes.txt': 'main\n' });
      writeFiles(join(root, '..', 'two of test'), { 'notes.txt': 'two\n', 'backend/api.ts': '2\n' });
      expect(await reportOf(root, ['--worktrees'], { AGENT_ID: 'agent-1' })).toEqual({
        code: 0,
        found: [
          'backend/api.ts owned-by-another warning unknown',
          'notes.txt changed-in-two-worktrees warning agent-1',
        ],
      });
    } finally {
      gitIn(root, 'worktree', 'remove', '--force', join(root, '..', 'two of test'));
    }
  });

  test('--github annotates and --sarif is a SARIF log', async () => {
    const root = ownedRepository();
    writeFiles(root, { LICENSE: '2\n' });
    const github = await own(root, ['check', '--agent', 'agent-1', '--github']);
    expect(github.stdout)
      .toBe(`::error file=LICENSE,line=1,title=The path is READ-ONLY::modified by agent-1 against /LICENSE (.squad/ownership.yaml:4); READ-ONLY: nobody writes it%0Anext: a person may change the rule in .squad/ownership.yaml
1 change checked: 1 refused
`);
    writeFiles(root, { 'backend/a#1 ?.ts': '1\n' });
    const sarif = sarifOf((await own(root, ['check', '--agent', 'agent-1', '--sarif'])).stdout);
    const places = sarif.runs[0]?.results.map(({ ruleId, level, locations }) => [
      ruleId,
      level,
      locations?.[0]?.physicalLocation.artifactLocation.uri,
    ]);
    expect(places).toEqual([
      ['read-only', 'error', 'LICENSE'],
      ['owned-by-another', 'error', 'backend/a%231%20%3F.ts'],
    ]);
  });

  test('one question at a time, and hostile names are plain text', async () => {
    const root = ownedRepository();
    expect((await own(root, ['check', '--staged', '--worktrees'])).code).toBe(2);
    expect((await own(root, ['check', '../outside'])).stderr).toContain('error PATH_REFUSED');
    mkdirSync(join(root, 'backend', 'sub'));
    writeFiles(root, { "backend/sub/a'b\u001b[31m c.ts": 'x\n' });
    const { stdout } = await own(root, ['check', '--agent', 'agent-1']);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain("next: squad-comms request $'backend/sub/a\\'b\\x1b[31m c.ts' --reason");
  });
});

describe('squad-own who', () => {
  test('owner, access, the rule and why it won, who holds it now', async () => {
    const root = ownedRepository();
    await runBin('squad-lock', ['acquire', 'shared/types.ts', '--purpose', 'metrics'], {
      cwd: root,
      env: { AGENT_ID: 'agent-2' },
    });
    const { code, stdout } = await own(root, ['who', 'shared/types.ts', '--agent', 'agent-1']);
    expect(code).toBe(0);
    expect(stdout.replace(/\d+m \d+s/u, 'TIME')).toBe(`shared/types.ts
  owner   NONE
  access  SEQUENTIAL
  rule    /shared (.squad/ownership.yaml:3)
  why     /shared is the only rule that covers the path
  held    shared/types.ts by agent-2, "metrics", TIME left, token 1
  you     may write it while you hold its lease
  next    squad-lock acquire shared/types.ts
`);
  });

  test('as JSON, for a path that no rule names', async () => {
    const { stdout } = await own(ownedRepository(), ['who', '/notes.txt', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      path: 'notes.txt',
      kind: 'default',
      owner: 'NONE',
      access: 'SEQUENTIAL',
      rule: null,
      why: 'no rule names the path; the default holds',
      holders: [],
    });
  });
});

describe('squad-own lint, import, export, audit', () => {
  test('lint exits 1 on rules that disagree', async () => {
    const root = ownedRepository(
      '/frontend: { owner: a, access: EXCLUSIVE }\n/**/*.tsx: { owner: b, access: EXCLUSIVE }\n',
    );
    const { code, stdout } = await own(root, ['lint']);
    expect(code).toBe(1);
    expect(stdout.split('\n')[0]).toBe(
      '.squad/ownership.yaml:2:1 error OWNERSHIP_AMBIGUOUS /**/*.tsx (b, EXCLUSIVE) and /frontend (a, EXCLUSIVE), line 1, both cover frontend/a.tsx and neither is more specific',
    );
    expect((await own(root, ['who', 'frontend/App.tsx'])).stdout).toContain('owner   undecided');
  });

  test('a matrix that cannot be read is refused with every place', async () => {
    const root = ownedRepository('/a: { access: X }\n/b: 1\n');
    const { code, stderr } = await own(root, ['lint']);
    expect(code).toBe(1);
    expect(stderr).toContain('ownership.yaml:1:7 error FIELD_INVALID access of /a');
    expect(stderr).toContain('ownership.yaml:2:1 error FIELD_INVALID "/b" is not a rule');
  });

  test('import keeps the rules that stand, export gives CODEOWNERS back', async () => {
    const root = ownedRepository('/frontend: { owner: agent-1, access: EXCLUSIVE }\n');
    writeFiles(root, { '.github/CODEOWNERS': '/docs/ @ada\n/frontend/ @fe\n*.md @writers\n' });
    const { stdout } = await own(root, ['import']);
    expect(stdout).toBe(
      'wrote ownership.yaml: 3 rules from .github/CODEOWNERS, 1 kept; 1 pairs now disagree: squad-own lint\n',
    );
    expect((await own(root, ['export'])).stdout).toBe('/docs/ @ada\n*.md @writers\n/frontend @agent-1\n');
  });

  test('audit names the commit, the agent and what was not its own', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'backend/api.ts': '2\n' });
    gitIn(root, 'commit', '--quiet', '--all', '-m', 'Sneak in', '--trailer', 'Squad-Agent: agent-1');
    const head = gitIn(root, 'rev-parse', '--short=12', 'HEAD');
    const { code, stdout } = await own(root, ['audit', '--since', 'HEAD~1']);
    expect(code).toBe(1);
    expect(stdout).toBe(`${head} agent-1 "Sneak in"
  backend/api.ts owned-by-another: modified by agent-1 in commit ${head} against /backend (.squad/ownership.yaml:2); EXCLUSIVE to agent-2
1 commits audited: 1 changed what was not theirs or not leased
`);
  });
});
