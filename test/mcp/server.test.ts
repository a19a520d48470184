import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { guardedRepository } from '../support/guarded.ts';
import { waitFor } from '../support/wait-for.ts';

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

test('a session that a call names is the one that acts; two are kept apart', async () => {
  const root = guardedRepository('version: 1\n');
  for (const [id, agent] of [
    ['s-1', 'alice'],
    ['s-2', 'bob'],
  ] as const)
    await runBin('squad-guard', ['bind', agent, '--session', id], { cwd: root });
  const { start, ask, tool } = connect(root);
  await start;
  const claim = (sessionId: string) =>
    ask('tools/call', { name: 'claim', arguments: { paths: ['a.ts'] }, _meta: { sessionId } });
  expect((await claim('s-1')).structuredContent).toMatchObject({ leases: [{ agent: 'alice' }] });
  expect((await claim('s-2')).structuredContent).toMatchObject({ kind: 'held' });
  const nobody = await tool('claim', { paths: ['a.ts'] });
  expect(nobody.structuredContent).toEqual({
    error: {
      code: 'AGENT_ID_MISSING',
      message: 'it is not known which agent you are',
      hint: 'call whoami with agent: your id, as you were told when this session began',
    },
  });
});

test('bad input is answered or passed over, and the server goes on', async () => {
  const { start, tool, child } = connect(guardedRepository('version: 1\n'), { AGENT_ID: 'alice' });
  await start;
  child.stdin.write('not JSON\n\u0000\n[]\n{"jsonrpc":"2.0"}\n{"jsonrpc":"2.0","id":null,"method":7}\n');
  child.stdin.write(`{"jsonrpc":"2.0","method":"x","params":${'['.repeat(20_000)}\n`);
  const nul = await tool('holder', { path: 'a\u0000.ts' });
  expect([nul.isError, nul.content?.[0]?.text]).toEqual([true, expect.stringContaining('holds a NUL')]);
  const huge = await tool('send', { to: 'bob', text: 'x'.repeat(8_000_000) });
  expect(huge.isError).toBe(true);
  expect(JSON.stringify(huge).length).toBeLessThan(2000);
  expect((await tool('claim', { paths: ['a.ts'], force: true })).isError).toBe(true);
  expect((await tool('holder', { path: 'a.ts' })).structuredContent).toMatchObject({ leases: [] });
});

test('a client that dies while a call waits takes the server and its place in the queue with it', async () => {
  const root = guardedRepository('version: 1\n');
  await runBin('squad-lock', ['acquire', 'a.ts', '--agent', 'bob'], { cwd: root });
  const { start, tool, child } = connect(root, { AGENT_ID: 'alice' });
  await start;
  void tool('claim', { paths: ['a.ts'], wait: '1h' });
  const kinds = (): string => readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8');
  const waiting = async (): Promise<string> =>
    (await runBin('squad-lock', ['list', '--waiting', '--json'], { cwd: root })).stdout;
  await waitFor('the queue', () => kinds().includes('lock.queued'));
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.stdin.destroy();
  child.stdout.destroy();
  await ended;
  expect(await waiting()).not.toContain('alice');
});

test('a server that has answered ends when it is told to', async () => {
  const { start, tool, child } = connect(guardedRepository('version: 1\n'), { AGENT_ID: 'alice' });
  await start;
  await tool('claim', { paths: ['a.ts'] });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve([code, signal])));
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
