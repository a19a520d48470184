import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { createNodeStore, type FileSystem, type Store } from '#store';
import { Volume } from 'memfs';
import { describe, expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const memory = (): { store: Store; root: string } => {
  const volume = Volume.fromJSON({ '/root/.keep': '' });
  return { store: createNodeStore(volume as unknown as FileSystem), root: '/root' };
};
const disk = (): { store: Store; root: string } => ({ store: createNodeStore(nodeFs), root: testdir() });

describe.each([
  ['node:fs', disk],
  ['memfs', memory],
])('the store over %s', (_, make) => {
  test('absent files read as undefined', () => {
    const { store, root } = make();
    expect(store.readText(join(root, 'none'))).toBeUndefined();
    expect(store.readText(join(root, 'none', 'deeper'))).toBeUndefined();
    expect(store.stat(join(root, 'none'))).toBeUndefined();
    expect(store.list(join(root, 'none'))).toEqual([]);
    expect(store.removeFile(join(root, 'none'))).toBe(false);
  });

  test('an atomic write replaces the whole and leaves no temporary file', () => {
    const { store, root } = make();
    store.writeAtomic(join(root, 'a', 'b.txt'), 'a long first text');
    store.writeAtomic(join(root, 'a', 'b.txt'), 'short');
    expect(store.readText(join(root, 'a', 'b.txt'))).toBe('short');
    expect(store.list(join(root, 'a'))).toEqual(['b.txt']);
  });

  test('an exclusive create has one winner and keeps the winner’s content', () => {
    const { store, root } = make();
    expect(store.createExclusive(join(root, 'x'), 'first')).toBe(true);
    expect(store.createExclusive(join(root, 'x'), 'second')).toBe(false);
    expect(store.readText(join(root, 'x'))).toBe('first');
    expect(store.list(root).filter((name) => name.startsWith('.tmp'))).toEqual([]);
  });

  test('appends add up, and a file that grows can be followed', () => {
    const { store, root } = make();
    store.append(join(root, 'log'), 'one\n');
    store.append(join(root, 'log'), 'two\n', { fsync: true });
    expect(store.readText(join(root, 'log'))).toBe('one\ntwo\n');
    expect(new TextDecoder().decode(store.readFrom(join(root, 'log'), 4, 100))).toBe('two\n');
  });

  test('names are listed by code unit', () => {
    const { store, root } = make();
    for (const name of ['b', 'a', 'Z', 'ä']) store.writeAtomic(join(root, 'n', name), '');
    expect(store.list(join(root, 'n'))).toEqual(['Z', 'a', 'b', 'ä']);
  });
});

// memfs lets this rename succeed, so nothing that rests on it is tested there.
test('a folder is not renamed onto a non-empty one', () => {
  const { store, root } = disk();
  store.writeAtomic(join(root, 'from', 'a'), '1');
  store.writeAtomic(join(root, 'to', 'b'), '2');
  expect(() => store.rename(join(root, 'from'), join(root, 'to'))).toThrow(/ENOTEMPTY|EEXIST/u);
  expect(store.readText(join(root, 'to', 'b'))).toBe('2');
});
