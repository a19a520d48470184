import { expect, test } from 'vitest';
import type { ItemRecord } from '#runner';
import { createProgress } from '../../packages/cli/src/run/progress.ts';
import type { Call } from '../../packages/cli/src/shell/command.ts';

// Only what progress asks of a call.
function callOn(
  isTTY: boolean,
  json = false,
): { call: Call; written: () => string; pass: (ms: number) => void } {
  let text = '';
  let now = 0;
  const stderr = { isTTY, columns: 40, write: (part: string) => void (text += part) };
  const io = { stderr, clock: { wallMs: () => now, monotonicMs: () => now } };
  return {
    call: { json, io } as unknown as Call,
    written: () => text,
    pass: (ms) => void (now += ms),
  };
}

const item = (key: string, state: ItemRecord['state'], more: Partial<ItemRecord> = {}): ItemRecord => ({
  version: 1,
  key,
  state,
  attempts: [],
  ...more,
});

test('elsewhere than on a terminal each change is a line: time, tokens, refusals as they come, and why it failed', () => {
  const { call, written } = callOn(false);
  const progress = createProgress(call, 2);
  progress.note(item('T-1', 'running'));
  progress.note(item('T-1', 'running'));
  progress.event({ id: 'T-1' }, { kind: 'tool', name: 'Edit', target: 'a.ts' });
  progress.event({ id: 'T-1' }, { kind: 'denied', tool: 'Edit', reason: 'b.ts is held by bob' });
  const attempts = [{ startedAt: '', endedAt: '', durationMs: 61_000, tokens: 1200 }];
  progress.note(item('T-1', 'failed', { reason: 'exit 1', attempts }));
  progress.end();
  expect(written()).toBe(
    'running T-1\nrefused T-1: Edit: b.ts is held by bob\nfailed  T-1 (1m 1s, 1200 tokens): exit 1\n',
  );
});

test('on a terminal there is a line for each agent at work, redrawn at most four times a second, and wiped at the end', () => {
  const { call, written, pass } = callOn(true);
  const progress = createProgress(call, 2);
  progress.note(item('T-1', 'running'));
  pass(100);
  progress.event({ id: 'T-1' }, { kind: 'text', text: 'not yet shown' });
  pass(200);
  progress.event({ id: 'T-1' }, { kind: 'usage', tokens: { input: 40, output: 2 } });
  pass(300);
  progress.event({ id: 'T-1' }, { kind: 'tool', name: 'Edit', target: 'a/very/long/path/to/a/file.ts' });
  progress.end();
  expect(written().split('\r\u001b[2A\u001b[J')).toEqual([
    '0/2 done, 0 failed, 1 at work\n  T-1 (0ms) starts\n',
    '0/2 done, 0 failed, 1 at work\n  T-1 (300ms, 42 tokens) not yet shown\n',
    '0/2 done, 0 failed, 1 at work\n  T-1 (600ms, 42 tokens) Edit a/very/l…\n',
    '',
  ]);
});

test('with --json nothing is said where there is no terminal', () => {
  const { call, written } = callOn(false, true);
  const progress = createProgress(call, 1);
  progress.note(item('T-1', 'running'));
  progress.event({ id: 'T-1' }, { kind: 'denied', tool: 'Edit', reason: 'x' });
  progress.end();
  expect(written()).toBe('');
});
