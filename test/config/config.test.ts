import { join } from 'node:path';
import { DEFAULT_CONFIG, readConfig } from '#config';
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
  ['lock: [1\n', 'YAML_INVALID'],
  ['lock:\n  ttl: soon\n', 'setting lock.ttl'],
  ['guard:\n  onFailure: maybe\n', '"strict" | "lenient"'],
  ['roles:\n  web: react\n', 'setting roles.web'],
])('%j is refused, not replaced by a default', async (text, part) => {
  const dir = testdir({ 'config.yaml': text });
  await expect(readConfig(store, dir)).rejects.toThrow(part);
});
