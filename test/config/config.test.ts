import { join } from 'node:path';
import fc from 'fast-check';
import { configSchema, DEFAULT_CONFIG, readConfig } from '#config';
import { parseDuration } from '#protocol';
import { createNodeStore } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const store = createNodeStore();

test('without a file the defaults hold', async () => {
  expect(await readConfig(store, testdir())).toEqual(DEFAULT_CONFIG);
});

test('a setting overrides its default and no other; an edit takes effect at once', async () => {
  const dir = testdir({ 'config.yaml': 'lock:\n  ttl: 5m\n' });
  expect(await readConfig(store, dir)).toEqual({
    ...DEFAULT_CONFIG,
    lock: { ...DEFAULT_CONFIG.lock, ttl: '5m' },
  });
  store.writeAtomic(join(dir, 'config.yaml'), 'lock:\n  ttl: 6m\n');
  expect((await readConfig(store, dir)).lock.ttl).toBe('6m');
});

test('a damaged twin is made anew', async () => {
  const dir = testdir({ 'config.yaml': 'lock:\n  ttl: 5m\n', '.run/config.json': '{"hash":' });
  expect((await readConfig(store, dir)).lock.ttl).toBe('5m');
});

test.each([
  ['lock:\n  # mine\n  ttl: 1x # short\n', 'config.yaml:3:8 error FIELD_INVALID setting lock.ttl'],
  ['sync: { interval: 0 }\n', 'config.yaml:1:7 error FIELD_INVALID setting sync.interval'],
  ['sync:\n  interval: "0"\n', 'expected: a duration like 90s, 10m or 1h30m'],
  ['guard:\n  leaseTtl: 0s\n', 'expected: a duration like 90s, 10m or 1h30m'],
  ['merge:\n  test: x\n  testTimeout: 4000d\n', 'config.yaml:3:16 error FIELD_INVALID'],
  ['lock:\n  ttl: 5m\n  maxHold: 10\nguard:\n  onFailure: no\n', 'config.yaml:5:14 error'],
])('%j is refused at its place', async (text, part) => {
  const dir = testdir({ 'config.yaml': text });
  await expect(readConfig(store, dir)).rejects.toThrow(part);
});

test('what passes for a duration is one, of more than nothing', () => {
  const amount = fc
    .tuple(fc.nat(10_000_000), fc.option(fc.nat(9999)))
    .map(([n, d]) => `${n}${d === null ? '' : `.${d}`}`);
  const part = fc
    .tuple(amount, fc.constantFrom('ms', 's', 'M', 'h', 'd', ' m '))
    .map(([n, unit]) => n + unit);
  const texts = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const { ttl } = DEFAULT_CONFIG.lock;
      const config = { ...DEFAULT_CONFIG, lock: { ttl: text, maxHold: ttl } };
      if (!configSchema.decode(config).ok) return;
      const parsed = parseDuration(text);
      expect(parsed.ok && parsed.value > 0).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each(['90s', '10m', '1h30m', ' 2 d ', '1.5H', '250ms'])('%j is a duration', async (text) => {
  const dir = testdir({ 'config.yaml': `lock:\n  ttl: "${text}"\n` });
  expect((await readConfig(store, dir)).lock.ttl).toBe(text);
});

test.each([
  ['lock: [1\n', 'YAML_INVALID'],
  ['lock:\n  ttl: soon\n', 'setting lock.ttl'],
  ['guard:\n  onFailure: maybe\n', '"strict" | "lenient"'],
  ['roles:\n  web: react\n', 'setting roles.web'],
])('%j is refused, not replaced by a default', async (text, part) => {
  const dir = testdir({ 'config.yaml': text });
  await expect(readConfig(store, dir)).rejects.toThrow(part);
});
