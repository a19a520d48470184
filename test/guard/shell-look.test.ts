import { analyseShell } from '#guard';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createNodeStore } from '#store';
import { describe, expect, test } from 'vitest';
import { expandWrite } from '../../packages/guard/src/decide/expand-write.ts';
import { openLook } from '../../packages/guard/src/look/open-look.ts';
import { testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const FILES = {
  'a.ts': 'a\n',
  'b.ts': 'b\n',
  'src/c.ts': 'c\n',
  'src/d.js': 'd\n',
  'src/deep/e.ts': 'e\n',
  'src/.hidden.ts': 'h\n',
  'lib/f.ts': 'f\n',
  'list.txt': 'a.ts\nsrc/c.ts\n',
  'node_modules/x/g.ts': 'g\n',
};

const store = createNodeStore();

// Files that a command line would write, relative to the folder it runs in.
function writtenBy(command: string, root: string): readonly string[] {
  const { writes } = analyseShell(command, { cwd: root, home: undefined, look: openLook(store) });
  const paths = writes.flatMap((write) => expandWrite(store, write));
  return [...new Set(paths)]
    .map((path) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path))
    .toSorted();
}

describe('find', () => {
  test.each([
    [
      "find . -name '*.ts' -delete",
      ['a.ts', 'b.ts', 'lib/f.ts', 'src/.hidden.ts', 'src/c.ts', 'src/deep/e.ts'],
    ],
    ["find src -name '*.ts' -exec sed -i s/a/b/ {} +", ['src/.hidden.ts', 'src/c.ts', 'src/deep/e.ts']],
    ["find src -maxdepth 1 -type f -name '*.js' -exec rm {} \\;", ['src/d.js']],
    [
      "find src -name '*.ts' -not -name '.*' -exec mv {} lib/ \\;",
      ['lib/c.ts', 'lib/e.ts', 'src/c.ts', 'src/deep/e.ts'],
    ],
    ["find src -path '*/deep/*' -exec sh -c 'echo > \"$1\".bak' _ {} \\;", ['src/deep/e.ts.bak']],
    ['find src -name deep -prune -o -type f -exec touch {} +', ['src/.hidden.ts', 'src/c.ts', 'src/d.js']],
    ["find . \\( -name 'a.*' -o -name 'b.*' \\) -exec cp {} {}.bak \\;", ['a.ts.bak', 'b.ts.bak']],
    ["find src -name '*.ts' -type f -exec basename {} \\; -delete", []],
    ["find src -name '*.ts' -mtime +7 -delete", []],
    ["find src -size +1k -o -name 'd.js' -delete", []],
    ["find src -name 'd.js' -fls out.txt", []],
    ['find src -type f', []],
    ["find . -name '*.js' | xargs rm", ['src/d.js']],
    [
      "find . -name '*.ts' -print0 | xargs -0 sed -i s/a/b/",
      ['a.ts', 'b.ts', 'lib/f.ts', 'src/.hidden.ts', 'src/c.ts', 'src/deep/e.ts'],
    ],
    ["find . -name '*.ts' | grep -v src/ | sort | xargs rm", ['a.ts', 'b.ts', 'lib/f.ts']],
    ["find src -name '*.ts' | head -1 | xargs rm", []],
    ["for f in $(find src -name '*.js'); do mv $f ${f}; mv $f $f.old; done", ['src/d.js', 'src/d.js.old']],
    ['find src -name \'*.js\' | while read -r f; do rm "$f"; done', ['src/d.js']],
    ["while IFS= read -r -d '' f; do rm \"$f\"; done < <(find src -name '*.js' -print0)", ['src/d.js']],
  ])('%s', (command, written) => {
    expect(writtenBy(command, testdir(FILES))).toEqual(written);
  });
});

describe('names that the file system tells', () => {
  test.each([
    ['cp src/*.ts lib/', ['lib/c.ts']],
    ['mv *.ts lib', ['a.ts', 'b.ts', 'lib/a.ts', 'lib/b.ts']],
    ['for f in *.ts; do cp $f $f.bak; done', ['a.ts.bak', 'b.ts.bak']],
    ['for f in src/*; do rm -r $f; done', ['src/c.ts', 'src/d.js', 'src/deep/e.ts']],
    ['ls src | xargs -I{} touch lib/{}', ['lib/c.ts', 'lib/d.js', 'lib/deep']],
    ['ls *.ts | xargs rm', ['a.ts', 'b.ts']],
    ['cat list.txt | xargs rm', ['a.ts', 'src/c.ts']],
    ['xargs rm < list.txt', ['a.ts', 'src/c.ts']],
    ['while read -r f; do rm "$f"; done < list.txt', ['a.ts', 'src/c.ts']],
    ['cp -r src lib', ['lib/src/.hidden.ts', 'lib/src/c.ts', 'lib/src/d.js', 'lib/src/deep/e.ts']],
    ['cp -r src/. lib', ['lib/.hidden.ts', 'lib/c.ts', 'lib/d.js', 'lib/deep/e.ts']],
    ['cp -r src new', ['new/.hidden.ts', 'new/c.ts', 'new/d.js', 'new/deep/e.ts']],
    ['rsync -a src/deep/ lib/', ['lib/e.ts']],
    ['rsync -a --delete src/deep/ lib/', ['lib/e.ts', 'lib/f.ts']],
    ['mv src/deep lib', ['lib/deep/e.ts', 'src/deep/e.ts']],
    ['cp -n a.ts b.ts', []],
    ['cp -n a.ts new.ts', ['new.ts']],
    ['git checkout main', []],
    ['git checkout src', ['src/.hidden.ts', 'src/c.ts', 'src/d.js', 'src/deep/e.ts']],
    ['git checkout HEAD~1 a.ts', ['a.ts']],
    ['touch *.none', ['*.none']],
  ])('%s', (command, written) => {
    expect(writtenBy(command, testdir(FILES))).toEqual(written);
  });
});

const PATCH = `From 1234 Mon Sep 17 00:00:00 2001
Subject: [PATCH] change
---
diff --git a/a.ts b/a.ts
index 1..2 100644
--- a/a.ts
+++ b/a.ts
@@ -1,2 +1,2 @@
--- a/not.ts
+++ b/not.ts
 rest
diff --git a/src/c.ts b/src/c.ts
deleted file mode 100644
--- a/src/c.ts
+++ /dev/null
@@ -1 +0,0 @@
-c
diff --git a/b.ts b/lib/b.ts
similarity index 100%
rename from b.ts
rename to lib/b.ts
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
`;
const PATCHED = ['a.ts', 'b.ts', 'lib/b.ts', 'run.sh', 'src/c.ts'];

describe('patches', () => {
  test.each([
    ['git apply x.patch', PATCHED],
    ['git apply -R --index x.patch', PATCHED],
    ['git apply < x.patch', PATCHED],
    ['git am x.patch', PATCHED],
    ['cat x.patch | git apply', PATCHED],
    ['git apply --check x.patch', []],
    ['git apply --stat x.patch', []],
    ['git apply --cached x.patch', []],
    ['git apply --exclude=a.ts x.patch', []],
    ['git apply --directory=web x.patch', PATCHED.map((path) => `web/${path}`)],
    ['git am --abort', []],
    ['git apply missing.patch', []],
    ['patch -p1 < plain.patch', ['src/c.ts']],
    ['patch -p1 -i plain.patch', ['src/c.ts']],
    ['patch -p2 -d lib < plain.patch', ['lib/c.ts']],
    ['patch --dry-run -p1 < plain.patch', []],
    ['patch < plain.patch', []],
    ['patch a.ts plain.patch', ['a.ts']],
    ['patch -o out.ts a.ts plain.patch', ['out.ts']],
    ["patch -p0 <<'EOF'\n--- a.ts\n+++ a.ts\n@@ -1 +1 @@\n-a\n+x\nEOF", ['a.ts']],
    ["git apply - <<'EOF'\n--- a/b.ts\n+++ b/b.ts\n@@ -1 +1 @@\n-b\n+x\nEOF", ['b.ts']],
    ['patch -p1 < other.patch', []],
  ])('%s', (command, written) => {
    const root = testdir({
      ...FILES,
      '.git/HEAD': '',
      'x.patch': PATCH,
      'plain.patch': '--- old/src/c.ts\t2026-01-01\n+++ new/src/c.ts\t2026-01-02\n@@ -1 +1 @@\n-c\n+x\n',
      'other.patch': '--- a/a.ts.orig\n+++ b/a.ts\n@@ -1 +1 @@\n-a\n+x\n',
    });
    expect(writtenBy(command, root)).toEqual(written);
  });

  test('git apply from a sub-folder counts names from the top and leaves the rest alone', () => {
    const root = testdir({ ...FILES, '.git/HEAD': '', 'x.patch': PATCH });
    expect(writtenBy('cd src && git apply ../x.patch', root)).toEqual(['src/c.ts']);
  });
});

// a.ts and src/c.ts, stored.
const ZIP =
  'UEsDBBQAAAAAAAAAIQAHoerdAgAAAAIAAAAEAAAAYS50c2EKUEsDBBQAAAAAAAAAIQCFw9zvAgAAAAIAAAAIAAAAc3JjL2MudHNj' +
  'ClBLAQIUAxQAAAAAAAAAIQAHoerdAgAAAAIAAAAEAAAAAAAAAAAAAACAAQAAAABhLnRzUEsBAhQDFAAAAAAAAAAhAIXD3O8CAAAA' +
  'AgAAAAgAAAAAAAAAAAAAAIABJAAAAHNyYy9jLnRzUEsFBgAAAAACAAIAaAAAAEwAAAAAAA==';

describe('files that git and grep list', () => {
  const LISTED = { ...FILES, 'un tracked.ts': 'one\n', '.gitignore': 'un*\n' };
  const rows = [
    [
      'git ls-files | xargs rm',
      [
        '.gitignore',
        'a.ts',
        'b.ts',
        'lib/f.ts',
        'list.txt',
        'src/.hidden.ts',
        'src/c.ts',
        'src/d.js',
        'src/deep/e.ts',
      ],
    ],
    [
      "git ls-files -z '*.ts' | xargs -0 sed -i s/a/b/",
      ['a.ts', 'b.ts', 'lib/f.ts', 'src/.hidden.ts', 'src/c.ts', 'src/deep/e.ts'],
    ],
    ['cd src && rm $(git ls-files -- deep d.js)', ['src/d.js', 'src/deep/e.ts']],
    ['git ls-files -m | xargs rm', []],
    ['git grep -l src/ | xargs sed -i s/a/b/', ['list.txt']],
    ["git grep -lE '^(a|b)' | xargs rm", []],
    ["git grep -lE '^a|^b' -- '*.ts' | xargs rm", ['a.ts', 'b.ts']],
    ['grep -rl a.ts . | xargs rm', ['list.txt']],
    ["grep -rlZ '^c' src --include=*.ts | xargs -0 rm", ['src/c.ts']],
    ['grep -l one *.ts | xargs -I{} rm {}', ['un tracked.ts']],
    ["for f in $(grep -rl '^[a-e]' src); do rm $f; done", []],
    ['rm "$(git rev-parse --show-toplevel)/a.ts"', ['a.ts']],
    ['rg -l one | xargs rm', []],
  ] as const;
  function tracked(version: string): string {
    const root = testRepository(LISTED);
    execFileSync('git', ['rm', '-rq', '--cached', 'node_modules'], { cwd: root });
    execFileSync('git', ['update-index', '--index-version', version], { cwd: root });
    return root;
  }
  test('tracked files and those with a text in them are known', () => {
    const root = tracked('2');
    expect(rows.map(([command]) => [command, writtenBy(command, root)])).toEqual(rows);
  });

  test('an index of version 4, and that of a linked worktree, are read too', () => {
    const root = tracked('4');
    expect(writtenBy("git ls-files 's*' | xargs rm", root)).toEqual([
      'src/.hidden.ts',
      'src/c.ts',
      'src/d.js',
      'src/deep/e.ts',
    ]);
    const linked = join(testdir(), 'linked');
    execFileSync('git', ['worktree', 'add', '-q', linked], { cwd: root });
    expect(writtenBy('git ls-files lib | xargs rm', linked)).toEqual(['lib/f.ts']);
  });

  test('of a split or a broken index nothing is said', () => {
    const root = tracked('2');
    execFileSync('git', ['update-index', '--split-index'], { cwd: root });
    expect(writtenBy('git ls-files | xargs rm', root)).toEqual([]);
    writeFileSync(join(root, '.git/index'), 'DIRC');
    expect(writtenBy('git ls-files | xargs rm', root)).toEqual([]);
  });
});

describe('archives', () => {
  function packed(): string {
    const root = testdir({ ...FILES, 'out/keep.ts': '' });
    const long = join(root, 'src', 'x'.repeat(120), 'long.ts');
    mkdirSync(dirname(long), { recursive: true });
    writeFileSync(long, '');
    execFileSync('tar', ['-cf', 'a.tar', 'a.ts', 'src'], { cwd: root });
    execFileSync('tar', ['-czf', 'a.tgz', '-C', 'src', '.'], { cwd: root });
    execFileSync('tar', ['--format=pax', '-cf', 'pax.tar', 'src'], { cwd: root });
    writeFileSync(join(root, 'torn.tar'), readFileSync(join(root, 'a.tar')).subarray(0, 700));
    return root;
  }
  const long = `${'x'.repeat(120)}/long.ts`;
  const sources = ['.hidden.ts', 'c.ts', 'd.js', 'deep/e.ts', long];
  test.each([
    ['tar -xf a.tar -C out', ['out/a.ts', ...sources.map((path) => `out/src/${path}`)]],
    ['tar xf a.tar src/deep', ['src/deep/e.ts']],
    ['tar -xzf a.tgz -C lib', sources.map((path) => `lib/${path}`)],
    ['tar -xf pax.tar --strip-components=1', sources],
    ['tar --extract --file=a.tar a.ts', ['a.ts']],
    ['tar -tf a.tar', []],
    ['tar -xOf a.tar a.ts', []],
    ['tar -xf a.tar --exclude=a.ts', []],
    ['tar -xf missing.tar', []],
    ['curl x | tar xz', []],
  ])('%s', (command, written) => {
    expect(writtenBy(command, packed())).toEqual(written);
  });

  test('members of a zip are read from its directory', () => {
    const root = testdir(FILES);
    writeFileSync(join(root, 'a.zip'), Buffer.from(ZIP, 'base64'));
    expect(writtenBy('unzip -o a.zip -d lib', root)).toEqual(['lib/a.ts', 'lib/src/c.ts']);
    expect(writtenBy("unzip -oq a.zip 'src/*'", root)).toEqual(['src/c.ts']);
    expect(writtenBy('unzip -oj a.zip', root)).toEqual(['a.ts', 'c.ts']);
    expect(writtenBy('unzip -l a.zip', root)).toEqual([]);
    expect(writtenBy('unzip a.tar', root)).toEqual([]);
  });
});

test('a look is wanted only where it would tell more', () => {
  const wants = (command: string): boolean => analyseShell(command, { cwd: '/r', home: undefined }).wantsLook;
  expect(
    ['git apply x.patch', "find . -name '*.o' -delete", 'cp *.ts lib/', 'tar -xf a.tar'].filter(wants),
  ).toEqual(['git apply x.patch', "find . -name '*.o' -delete", 'cp *.ts lib/', 'tar -xf a.tar']);
  const plain = [
    'rm src/*.ts',
    'find . -name x',
    'ls | head',
    'git commit -m apply',
    'tar -cf a.tar src',
    'npm test',
  ];
  expect(plain.filter(wants)).toEqual([]);
});
