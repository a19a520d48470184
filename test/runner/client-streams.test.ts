import { findClient, type AgentEvent } from '#runner';
import { expect, test } from 'vitest';

function read(client: string, lines: readonly unknown[]): { events: AgentEvent[]; end: unknown } {
  const reader = findClient(client).createReader();
  const events = lines.flatMap((line) => reader.line(typeof line === 'string' ? line : JSON.stringify(line)));
  return { events, end: reader.end() };
}

const CLAUDE_RESULT = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  result: 'Edited.',
  duration_ms: 764,
  total_cost_usd: 0.018,
  usage: { input_tokens: 1, output_tokens: 1 },
  modelUsage: { 'claude-opus-5-5': { inputTokens: 3000, outputTokens: 300, costUSD: 0.018 } },
  permission_denials: [],
  api_error_status: null,
};

test('the stream of Claude Code: session, tools, refusals, tokens of all models, cost', () => {
  const { events, end } = read('claude', [
    'Warning: not JSON',
    { subtype: 'init', session_id: 's-1', model: 'claude-opus-5-5', type: 'system' },
    {
      type: 'assistant',
      message: {
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'Edit', input: { file_path: '/r/a.ts' } }],
      },
    },
    {
      type: 'user',
      message: {
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: 'PreToolUse:Edit hook error: squad: a.ts is held by bob\n  ask for it: …',
          },
        ],
      },
      tool_result_meta: [{ id: 'toolu_1', permission_decision: { decision: 'reject', source: 'hook' } }],
    },
    { type: 'brand-new-kind' },
    { ...CLAUDE_RESULT, permission_denials: [{ tool_name: 'Edit', tool_input: { file_path: '/r/a.ts' } }] },
  ]);
  expect(events).toEqual([
    { kind: 'started', session: 's-1', model: 'claude-opus-5-5' },
    { kind: 'tool', name: 'Edit', target: '/r/a.ts' },
    { kind: 'denied', tool: 'Edit', reason: 'squad: a.ts is held by bob' },
    { kind: 'usage', tokens: { input: 3000, output: 300 }, costUsd: 0.018 },
    { kind: 'text', text: 'Edited.' },
  ]);
  expect(end).toEqual({ isError: false, isComplete: true });
});

test('Claude Code: an API error that calls itself a success is none; an overload may be tried again, a turn limit not', () => {
  const ends = [
    { is_error: true, api_error_status: 529 },
    { is_error: true, api_error_status: 400 },
    { is_error: true, subtype: 'error_max_turns' },
  ].map((fields) => read('claude', [{ ...CLAUDE_RESULT, ...fields }]).end);
  expect(ends).toEqual([
    { isError: true, isComplete: true, reason: 'API error 529', isTransient: true },
    { isError: true, isComplete: true, reason: 'API error 400', isTransient: false },
    { isError: true, isComplete: true, reason: 'error_max_turns', isTransient: false },
  ]);
});

test('the stream of Codex: items, a refused command, tokens of several turns, a failed turn', () => {
  const { events, end } = read('codex', [
    { type: 'thread.started', thread_id: 't-1' },
    { type: 'item.started', item: { type: 'command_execution', command: 'ls' } },
    {
      type: 'item.completed',
      item: {
        type: 'command_execution',
        command: 'ls',
        status: 'declined',
        aggregated_output: 'Command blocked by PreToolUse hook: a.ts is held by bob',
      },
    },
    { type: 'item.completed', item: { type: 'file_change', changes: [{ path: 'a.ts', kind: 'update' }] } },
    { type: 'item.completed', item: { type: 'agent_message', text: 'Done.' } },
    { type: 'turn.completed', usage: { input_tokens: 10, output_tokens: 2 } },
    { type: 'turn.completed', usage: { input_tokens: 5, output_tokens: 1 } },
  ]);
  expect(events).toEqual([
    { kind: 'started', session: 't-1' },
    { kind: 'tool', name: 'shell', target: 'ls' },
    { kind: 'denied', tool: 'shell', reason: 'a.ts is held by bob' },
    { kind: 'tool', name: 'apply_patch', target: 'a.ts' },
    { kind: 'text', text: 'Done.' },
    { kind: 'usage', tokens: { input: 10, output: 2 } },
    { kind: 'usage', tokens: { input: 15, output: 3 } },
  ]);
  expect(end).toEqual({ isError: false, isComplete: true });
  expect(
    read('codex', [{ type: 'turn.failed', error: { message: 'stream error: 429 Too Many Requests' } }]).end,
  ).toEqual({
    isError: true,
    isComplete: false,
    reason: 'stream error: 429 Too Many Requests',
    isTransient: true,
  });
});

test('Codex: what a hook refused stands only on standard error; high demand may be tried again', () => {
  const reader = findClient('codex').createReader();
  expect(
    reader.errorLine?.(
      '2026-11-21T05:39:32.844575Z ERROR codex_core::tools::router: error=Command blocked by PreToolUse hook: squad: a.ts is held by bob',
    ),
  ).toEqual([{ kind: 'denied', tool: 'tool', reason: 'squad: a.ts is held by bob' }]);
  expect(reader.errorLine?.('Reading additional input from stdin...')).toEqual([]);
  const message = 'We’re currently experiencing high demand, which may cause temporary errors.';
  expect(read('codex', [{ type: 'turn.failed', error: { message } }]).end).toMatchObject({
    isTransient: true,
  });
  const refused = 'unexpected status 401 Unauthorized: invalid x-api-key';
  expect(read('codex', [{ type: 'turn.failed', error: { message: refused } }]).end).toMatchObject({
    isTransient: false,
  });
});

test('the stream of Gemini: an answer in pieces is one answer, a blocked tool is a refusal', () => {
  const { events, end } = read('gemini', [
    { type: 'init', session_id: 'g-1' },
    { type: 'tool_use', tool_name: 'write_file', tool_id: 'w1', parameters: { file_path: 'a.ts' } },
    { type: 'tool_result', tool_id: 'w1', status: 'error', output: 'Tool execution blocked: held by bob' },
    { type: 'message', role: 'assistant', content: 'It is ', delta: true },
    { type: 'message', role: 'assistant', content: 'held.', delta: true },
    { type: 'result', status: 'success', stats: { input_tokens: 7, output_tokens: 3 } },
  ]);
  expect(events.filter(({ kind }) => kind !== 'text')).toEqual([
    { kind: 'started', session: 'g-1' },
    { kind: 'tool', name: 'write_file', target: 'a.ts' },
    { kind: 'denied', tool: 'write_file', reason: 'held by bob' },
    { kind: 'usage', tokens: { input: 7, output: 3 } },
  ]);
  expect(end).toEqual({ isError: false, isComplete: true, text: 'It is held.' });
});

test('the stream of OpenCode: costs add up, an error event fails it although no result says so', () => {
  const step = {
    type: 'step_finish',
    sessionID: 'o-1',
    part: { tokens: { input: 4, output: 2 }, cost: 0.01 },
  };
  const { events, end } = read('opencode', [
    {
      type: 'tool_use',
      sessionID: 'o-1',
      part: { tool: 'edit', state: { status: 'completed', input: { filePath: 'a.ts' } } },
    },
    step,
    step,
  ]);
  expect(events).toEqual([
    { kind: 'started', session: 'o-1' },
    { kind: 'tool', name: 'edit', target: 'a.ts' },
    { kind: 'usage', tokens: { input: 4, output: 2 }, costUsd: 0.01 },
    { kind: 'usage', tokens: { input: 8, output: 4 }, costUsd: 0.02 },
  ]);
  expect(end).toEqual({ isError: false, isComplete: false });
  expect(
    read('opencode', [{ type: 'error', error: { name: 'APIError', data: { message: 'overloaded' } } }]).end,
  ).toMatchObject({
    isError: true,
    reason: 'overloaded',
    isTransient: true,
  });
});

test('Claude Code is started headless, with a budget, and never with its hooks off', () => {
  const { file, args, input } = findClient('claude').commandLine({
    prompt: '--bare is only text',
    agent: 'agent-1',
    cwd: '/r',
    maxBudgetUsd: 2,
    maxTurns: 60,
    permissions: { level: 'edit', tools: ['Bash(npm test *)', 'mcp__squad'], commands: ['npm test'] },
  });
  expect([file, ...args]).toEqual([
    'claude',
    '-p',
    '--output-format',
    'stream-json',
    '--verbose',
    '--include-hook-events',
    '--permission-mode',
    'acceptEdits',
    '--allowedTools',
    'Bash(git add:*),Bash(git commit:*),Bash(git status:*),Bash(git diff:*),Bash(git log:*),Bash(squad-lock:*),Bash(squad-comms:*),Bash(npm test:*),Bash(npm test *),mcp__squad',
    '--max-turns',
    '60',
    '--max-budget-usd',
    '2',
    '--name',
    'agent-1',
  ]);
  expect(input).toBe('--bare is only text');
});

test('Gemini and Codex are allowed what the prompt asks of an agent, and an agent that looks is not', () => {
  const request = { prompt: 'p', agent: 'a', cwd: '/r', folders: ['/r/.squad'] };
  const words = (client: string, level: 'read' | 'edit'): string =>
    findClient(client)
      .commandLine({ ...request, permissions: { level, tools: [] } })
      .args.join(' ');
  expect(words('gemini', 'edit')).toContain('--allowed-tools run_shell_command(git add),');
  expect(words('gemini', 'read')).not.toContain('--allowed-tools');
  expect(words('codex', 'edit')).toContain('-s workspace-write --add-dir /r/.squad');
  expect(words('codex', 'read')).not.toContain('--add-dir');
});

test('a command without {prompt} is no client', () => {
  expect(() => findClient('cluade')).toThrow(
    '"cluade" is neither a known client nor a command with {prompt} in it',
  );
});
