import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment } from '../support/bins.ts';
import { guardedRepository } from '../support/guarded.ts';

interface Reply {
  readonly id: number;
  readonly result: {
    readonly instructions?: string;
    readonly tools?: readonly {
      readonly name: string;
      readonly annotations: Readonly<Record<string, boolean>>;
    }[];
    readonly isError?: boolean;
    readonly content?: readonly { readonly text: string }[];
    readonly structuredContent?: Readonly<Record<string, unknown>>;
  };
}

// A client that speaks line by line, as the stdio transport does.
function connect(root: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [binPath('squad-mcp')], {
    cwd: root,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const waiting = new Map<number, (reply: Reply) => void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const reply = JSON.parse(line) as Reply;
      waiting.get(reply.id)?.(reply);
    }
  });
  let ids = 0;
  const ask = (method: string, params: unknown): Promise<Reply['result']> => {
    const id = (ids += 1);
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise((resolve) => waiting.set(id, ({ result }) => resolve(result)));
  };
  const start = ask('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  const tool = (name: string, args: Readonly<Record<string, unknown>> = {}) =>
    ask('tools/call', { name, arguments: args });
  return { start, ask, tool, child };
}

test('ten tools, every annotation set, instructions under 500 characters', async () => {
  const { start, ask } = connect(guardedRepository('version: 1\n'));
  const { instructions = '' } = await start;
  expect(instructions.length).toBeGreaterThan(100);
  expect(instructions.length).toBeLessThan(500);
  const { tools = [] } = await ask('tools/list', {});
  expect(tools.map(({ name }) => name)).toEqual([
    'whoami',
    'board',
    'holder',
    'claim',
    'release',
    'handoff',
    'inbox',
    'answer',
    'send',
    'status',
  ]);
  for (const { annotations } of tools) expect(Object.keys(annotations)).toHaveLength(4);
});

test('the structured answer and its text say the same, for success, contention and failure', async () => {
  const root = guardedRepository('version: 1\n');
  const alice = connect(root, { AGENT_ID: 'alice' });
  const bob = connect(root, { AGENT_ID: 'bob' });
  await Promise.all([alice.start, bob.start]);
  const won = await alice.tool('claim', { paths: ['a.ts'], purpose: 'try' });
  expect(won.structuredContent).toMatchObject({
    kind: 'acquired',
    leases: [{ path: 'a.ts', agent: 'alice' }],
  });
  const lost = await bob.tool('claim', { paths: ['a.ts'] });
  expect(lost).toMatchObject({
    isError: false,
    structuredContent: { kind: 'held', holders: [{ agent: 'alice' }] },
  });
  const wrong = await bob.tool('claim', { paths: ['../../etc/passwd'] });
  expect(wrong).toMatchObject({ isError: true, structuredContent: { error: { code: 'PATH_REFUSED' } } });
  for (const { content, structuredContent } of [won, lost, wrong])
    expect(JSON.parse(content?.[0]?.text ?? '')).toEqual(structuredContent);
});

test('whoami binds the agent for this process, and messages go through', async () => {
  const root = guardedRepository('version: 1\n');
  const alice = connect(root);
  await alice.start;
  expect((await alice.tool('inbox')).structuredContent).toMatchObject({
    error: { code: 'AGENT_ID_MISSING' },
  });
  await alice.tool('whoami', { agent: 'alice' });
  await alice.tool('send', { to: 'bob', text: '--is this an option?' });
  const bob = connect(root, { AGENT_ID: 'bob' });
  await bob.start;
  expect((await bob.tool('inbox')).structuredContent).toMatchObject({
    items: [{ kind: 'question', from: 'alice', summary: '--is this an option?' }],
  });
});

test('what a model writes is never read as an option', async () => {
  const root = guardedRepository('version: 1\n');
  const { start, tool } = connect(root, { AGENT_ID: 'alice' });
  await start;
  await tool('claim', { paths: ['a.ts'] });
  expect((await tool('release', { paths: ['--all'] })).structuredContent).toMatchObject({ released: [] });
  expect((await tool('holder', { path: 'a.ts' })).structuredContent).toMatchObject({
    leases: [{ agent: 'alice' }],
  });
});

test('the server ends when its client closes the input', async () => {
  const { start, child } = connect(guardedRepository('version: 1\n'));
  await start;
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.stdin.end();
  expect(await ended).toBe(0);
});
