import { renderAnswer, type Client, type GuardEvent, type Verdict } from '#guard';
import { expect, test } from 'vitest';

const HELD = 'src/a.ts is held by bob';

function answer(client: Client, verdict: Verdict, event: GuardEvent = 'pre-tool', hookName = 'PreToolUse') {
  const { exitCode, stdout, stderr } = renderAnswer(verdict, { client, event, hookName });
  return { exitCode, stdout: stdout === '' ? undefined : (tryJson(stdout) ?? stdout), stderr };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const CLAUDE_DENIAL = {
  exitCode: 2,
  stdout: {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: HELD,
    },
  },
  stderr: `${HELD}\n`,
};

test.each([
  ['claude', CLAUDE_DENIAL],
  ['codex', CLAUDE_DENIAL],
  ['gemini', { exitCode: 0, stdout: { decision: 'deny', reason: HELD }, stderr: '' }],
  [
    'cursor',
    { exitCode: 0, stdout: { permission: 'deny', user_message: HELD, agent_message: HELD }, stderr: '' },
  ],
  ['opencode', { exitCode: 2, stdout: undefined, stderr: `${HELD}\n` }],
  ['unknown', { exitCode: 2, stdout: undefined, stderr: `${HELD}\n` }],
] as const)('%s is refused in its own form', (client, expected) => {
  expect(answer(client, { kind: 'deny', reason: HELD })).toEqual(expected);
});

test.each(['claude', 'codex', 'gemini', 'opencode', 'unknown'] as const)(
  '%s is let through without a word',
  (client) => {
    expect(answer(client, { kind: 'pass' })).toEqual({ exitCode: 0, stdout: undefined, stderr: '' });
  },
);

test('cursor is let through with an empty answer, because it fails closed on none', () => {
  expect(answer('cursor', { kind: 'pass' })).toEqual({ exitCode: 0, stdout: {}, stderr: '' });
});

test('only Claude Code can ask a person; elsewhere asking would let the edit through, so it is a denial', () => {
  expect(answer('claude', { kind: 'ask', reason: HELD })).toEqual({
    exitCode: 0,
    stdout: {
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'ask',
        permissionDecisionReason: HELD,
      },
    },
    stderr: '',
  });
  expect(answer('codex', { kind: 'ask', reason: HELD }).exitCode).toBe(2);
  expect(answer('gemini', { kind: 'ask', reason: HELD }).stdout).toEqual({
    decision: 'deny',
    reason: `${HELD}\nA person has to allow this.`,
  });
});

test.each([
  [
    'claude',
    'session-start',
    'SessionStart',
    { hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: 'hi' } },
  ],
  [
    'codex',
    'prompt',
    'UserPromptSubmit',
    { hookSpecificOutput: { hookEventName: 'UserPromptSubmit', additionalContext: 'hi' } },
  ],
  [
    'claude',
    'prompt',
    'PostToolBatch',
    { hookSpecificOutput: { hookEventName: 'PostToolBatch', additionalContext: 'hi' } },
  ],
  [
    'gemini',
    'prompt',
    'BeforeAgent',
    { hookSpecificOutput: { hookEventName: 'BeforeAgent', additionalContext: 'hi' } },
  ],
  ['gemini', 'pre-tool', 'BeforeTool', { systemMessage: 'hi' }],
  ['cursor', 'session-start', 'sessionStart', { additional_context: 'hi' }],
  ['opencode', 'prompt', '', 'hi\n'],
] as const)('%s is told something at %s', (client, event, hookName, stdout) => {
  expect(answer(client, { kind: 'tell', text: 'hi' }, event, hookName)).toEqual({
    exitCode: 0,
    stdout,
    stderr: '',
  });
});

test.each([
  ['claude', { exitCode: 0, stdout: { decision: 'block', reason: 'T-1 is open' }, stderr: '' }],
  ['codex', { exitCode: 0, stdout: { decision: 'block', reason: 'T-1 is open' }, stderr: '' }],
  ['gemini', { exitCode: 0, stdout: { decision: 'deny', reason: 'T-1 is open' }, stderr: '' }],
  ['cursor', { exitCode: 0, stdout: { followup_message: 'T-1 is open' }, stderr: '' }],
  ['opencode', { exitCode: 2, stdout: undefined, stderr: 'T-1 is open\n' }],
] as const)('%s is kept from stopping', (client, expected) => {
  expect(answer(client, { kind: 'continue', reason: 'T-1 is open' }, 'stop', 'Stop')).toEqual(expected);
});
