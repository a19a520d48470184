import { parseDuration, renderDuration } from '#protocol';
import { expect, test } from 'vitest';

test.each([
  ['90s', 90_000],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  [' 2 d ', 172_800_000],
  ['0', 0],
  ['1.5h', 5_400_000],
])('reads %s', (text, ms) => {
  expect(parseDuration(text)).toEqual({ ok: true, value: ms });
});

test.each(['', '10', 'm', '10 parsecs', '-5m', '1h x', '99999d'])('refuses %j', (text) => {
  expect(parseDuration(text).ok).toBe(false);
});

test.each([
  [45_000, '45s'],
  [750_000, '12m 30s'],
  [5_400_000, '1h 30m'],
  [0, '0ms'],
  [3_600_000, '1h'],
  [200, '200ms'],
])('says %d as %s', (ms, text) => {
  expect(renderDuration(ms)).toBe(text);
});
