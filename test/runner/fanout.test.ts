import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';

const FILES = { 'src/a one.txt': 'old\n', 'src/b.txt': 'old\n', 'src/c.txt': 'old\n' };
const REPLACE = 'sed -i s/old/new/ {file}';

async function squadRepository(files: Readonly<Record<string, string>> = FILES): Promise<string> {
  const root = testRepository(files);
  expect((await runBin('squad-init', [], { cwd: root })).code).toBe(0);
  return root;
}

const fanout = (cwd: string, args: readonly string[], input?: string) =>
  runBin('squad-run', ['fanout', '--json', ...args], { cwd, ...(input === undefined ? {} : { input }) });

const statesOf = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(stdout) as { items: { key: string; state: string }[] }).items.map(({ key, state }) => [
      key,
      state,
    ]),
  );

const read = (root: string, name: string): string => readFileSync(join(root, name), 'utf8');

test('a list is read whole before anything starts, so a command that reads its input eats nothing', async () => {
  const root = await squadRepository();
  const list = 'src/a one.txt\nsrc/b.txt\r\n\nsrc/c.txt';
  const result = await fanout(root, ['--from', '-', '--', `cat > /dev/null; ${REPLACE}`], list);
  expect(result.code).toBe(0);
  expect(statesOf(result.stdout)).toEqual({
    'src/a one.txt': 'done',
    'src/b.txt': 'done',
    'src/c.txt': 'done',
  });
  expect(read(root, 'src/a one.txt')).toBe('new\n');
});

test('a trial of the first is followed by the rest, and nothing finished runs twice', async () => {
  const root = await squadRepository();
  const args = [...Object.keys(FILES), '--', 'echo ran >> {file}'];
  const trial = await fanout(root, ['--first', '1', ...args]);
  expect([trial.code, statesOf(trial.stdout)]).toEqual([
    0,
    { 'src/a one.txt': 'done', 'src/b.txt': 'pending', 'src/c.txt': 'pending' },
  ]);
  const rest = await fanout(root, ['--resume', ...args]);
  expect([rest.code, Object.values(statesOf(rest.stdout))]).toEqual([0, ['done', 'done', 'done']]);
  expect(Object.keys(FILES).map((name) => read(root, name))).toEqual([
    'old\nran\n',
    'old\nran\n',
    'old\nran\n',
  ]);
});

test('an item whose verification fails is put back, and its failed state is kept', async () => {
  const root = await squadRepository();
  const spoil = `${REPLACE}; case {file} in *b.txt) echo spoilt > {file};; esac`;
  const result = await fanout(root, [...Object.keys(FILES), '--verify', 'grep -q new {file}', '--', spoil]);
  expect(result.code).toBe(1);
  expect(statesOf(result.stdout)).toEqual({
    'src/a one.txt': 'done',
    'src/b.txt': 'failed',
    'src/c.txt': 'done',
  });
  expect(read(root, 'src/b.txt')).toBe('old\n');
  const runs = join(root, '.squad', 'runs');
  const [run = ''] = readdirSync(runs);
  expect(readFileSync(join(runs, run, 'failed', '0002', 'file'), 'utf8')).toBe('spoilt\n');
});

test('a failed item does not stop the others, and the exit code tells', async () => {
  const root = await squadRepository();
  const result = await fanout(root, [...Object.keys(FILES), '--', 'test {file} != src/b.txt']);
  expect([result.code, Object.values(statesOf(result.stdout))]).toEqual([1, ['done', 'failed', 'done']]);
});

test('ordered items stop at the first failure; --after holds back only what depends on it', async () => {
  const root = await squadRepository();
  const fails = ['--', 'test {file} != "src/a one.txt" && echo {file} >> done.txt'];
  const ordered = await fanout(root, ['--ordered', ...Object.keys(FILES), ...fails]);
  expect([ordered.code, Object.values(statesOf(ordered.stdout)), existsSync(join(root, 'done.txt'))]).toEqual(
    [1, ['failed', 'failed', 'failed'], false],
  );
  const after = await fanout(root, ['--after', 'src/b.txt=src/a one.txt', ...Object.keys(FILES), ...fails]);
  expect([after.code, Object.values(statesOf(after.stdout)), read(root, 'done.txt')]).toEqual([
    1,
    ['failed', 'failed', 'done'],
    'src/c.txt\n',
  ]);
});

test('a transient failure is tried again, another is not', async () => {
  const root = await squadRepository();
  const script = 'echo x >> {file}.tries; case {file} in *b.txt) exit 75;; *c.txt) exit 1;; esac';
  const args = ['--retry', '2', '--retry-delay', '1ms', ...Object.keys(FILES), '--', script];
  expect((await fanout(root, args)).code).toBe(1);
  const tries = Object.keys(FILES).map((name) => read(root, `${name}.tries`).split('x').length - 1);
  expect(tries).toEqual([1, 3, 1]);
});

test('an empty list and a circle are usage errors, and start nothing', async () => {
  const root = await squadRepository();
  const empty = await runBin('squad-run', ['fanout', '--from', '-', '--', 'rm {file}'], {
    cwd: root,
    input: '\n \n',
  });
  expect([empty.code, empty.stderr]).toEqual([
    2,
    'error USAGE: the list is empty: there is nothing to run\n  name files, or --from LIST\n',
  ]);
  const args = ['fanout', '--after', 'a=b', '--after', 'b=a', 'a', 'b', '--', 'echo {file}'];
  const circle = await runBin('squad-run', args, { cwd: root });
  expect([circle.code, circle.stderr]).toEqual([
    2,
    'error USAGE: --after goes in a circle: a after b after a\n',
  ]);
  expect(existsSync(join(root, '.squad', 'runs'))).toBe(false);
});

test('nothing is committed, and a run starts in a sub-folder as well', async () => {
  const root = await squadRepository();
  const head = gitIn(root, 'rev-parse', 'HEAD');
  const result = await fanout(join(root, 'src'), ['b.txt', '--', REPLACE]);
  expect([result.code, read(root, 'src/b.txt'), gitIn(root, 'rev-parse', 'HEAD')]).toEqual([
    0,
    'new\n',
    head,
  ]);
});

test('what a command changes beside its item is told, because nothing puts it back', async () => {
  const root = await squadRepository({ ...FILES, 'other.txt': 'old\n' });
  const args = [...Object.keys(FILES), '--verify', 'grep -q never {file}', '--'];
  const result = await fanout(root, [...args, `${REPLACE}; echo more >> other.txt; touch made.txt`]);
  expect([result.code, read(root, 'src/b.txt'), read(root, 'other.txt')]).toEqual([
    1,
    'old\n',
    'old\nmore\nmore\nmore\n',
  ]);
  expect((JSON.parse(result.stdout) as { beside: string[] }).beside).toEqual(['other.txt', 'made.txt']);
  expect(result.stderr).toBe(
    'warning: changed meanwhile beside the items, and not put back where one failed: other.txt, made.txt\n',
  );
});
