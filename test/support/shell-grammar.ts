import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

const FILES: Readonly<Record<string, string>> = {
  'a.txt': 'one\ntwo\n',
  'b.txt': 'bee\n',
  'c d.txt': 'sea\n',
  'src/e.txt': 'e\n',
  'src/f.log': 'f\n',
  'src/deep/g.txt': 'g\n',
  'src/.h.txt': 'h\n',
  'lib/i.txt': 'i\n',
  'list.txt': 'b.txt\nsrc/e.txt\n',
  'fix.patch': '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n',
  'made.patch': '--- /dev/null\n+++ b/new/made.txt\n@@ -0,0 +1 @@\n+x\n',
};

let archive: Buffer | undefined;

/** Makes a tree of old files and an archive of some of them, for command lines to change. */
export function makeTree(root: string): string {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  archive ??= execFileSync('tar', ['-cz', 'b.txt', 'src'], { cwd: root });
  writeFileSync(join(root, 'some.tgz'), archive);
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }))
    utimesSync(join(root, name), 1e9, 1e9);
  return root;
}

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const oneOf = (...choices: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...choices);

// A file that is there, as the shell may be told it.
const file = oneOf(
  'a.txt',
  "'b.txt'",
  '"c d.txt"',
  String.raw`c\ d.txt`,
  'src/e.txt',
  './src/f.log',
  'src/deep/g.txt',
  'lib/i.txt',
);
const newFile = oneOf('n1.txt', 'src/n2.txt', '"n 3.txt"', 'lib/n4', "$'n\\x35'", 'n{6,7}.txt');
const anyFile = fc.oneof(file, newFile);
const single = oneOf('n1.txt', 'src/n2.txt', 'a.txt', 'lib/i.txt', '"c d.txt"');
const folder = oneOf('src', 'lib', 'src/deep', './src/');
const pattern = oneOf('*.txt', 'src/*', '*.t?t', 'src/[ef]*', '{src,lib}/*.txt', 'none*');
const files = fc.oneof(
  anyFile,
  fc.tuple(file, anyFile).map((pair) => pair.join(' ')),
  pattern,
);

const redirection = fc
  .tuple(oneOf('>', '>>', '>|', '&>', '1>', '2>'), single)
  .map(([operator, target]) => `echo x ${operator} ${target}`);

const writer = fc.oneof(
  redirection,
  files.map((names) => `touch ${names}`),
  files.map((names) => `rm -f ${names}`),
  file.map((name) => `sed -i s/o/0/ ${name}`),
  file.map((name) => `sed -i.bak -e s/o/0/ ${name}`),
  file.map((name) => `perl -pi -e s/o/0/ ${name}`),
  anyFile.map((names) => `echo x | tee ${names} > /dev/null`),
  anyFile.map((names) => `echo x | tee -a -- ${names} > /dev/null`),
  fc.tuple(file, single).map((pair) => `cp ${pair.join(' ')}`),
  fc.tuple(file, folder).map((pair) => `cp ${pair.join(' ')}`),
  fc.tuple(pattern, folder).map(([names, into]) => `cp -t ${into} ${names}`),
  fc.tuple(folder, folder).map((pair) => `cp -r ${pair.join(' ')}`),
  fc.tuple(folder, newFile).map((pair) => `cp -a ${pair.join('/. ')}`),
  fc.tuple(file, single).map((pair) => `cp -n ${pair.join(' ')}`),
  fc.tuple(file, single).map((pair) => `mv -f ${pair.join(' ')}`),
  fc.tuple(file, folder).map((pair) => `mv ${pair.join(' ')}`),
  fc.tuple(folder, single).map((pair) => `mv ${pair.join(' ')}`),
  fc.tuple(file, single).map((pair) => `ln -sf ${pair.join(' ')}`),
  folder.map((name) => `rm -rf ${name}`),
  file.map((name) => `truncate -s 0 ${name}`),
  single.map((name) => `dd of=${name} if=/dev/null status=none`),
  fc.tuple(single, file).map(([out, name]) => `sort -o ${out} ${name}`),
  single.map((name) => `cat > ${name} <<'EOF'\na > b.txt\nEOF\n`),
  file.map((name) => `gzip -n ${name}`),
  file.map((name) => `gzip -k ${name}`),
  single.map((name) => `tar -cf ${name} list.txt`),
  folder.map((name) => `tar -xzf some.tgz -C ${name}`),
  fc.constant('tar xf some.tgz src/deep'),
  fc.constant('tar --extract --file=some.tgz --strip-components=1'),
  oneOf(
    'patch -s -p1 < fix.patch',
    'patch -sp1 -i fix.patch',
    'git apply fix.patch',
    'git apply made.patch',
    'patch -s a.txt fix.patch',
  ),
  oneOf(
    'git apply --check fix.patch',
    'git apply --stat fix.patch > /dev/null',
    'patch -s --dry-run -p1 < fix.patch',
  ),
);

const search = fc
  .tuple(
    oneOf('.', 'src', 'lib src', './src'),
    oneOf('', '-maxdepth 1', '-mindepth 2'),
    oneOf(
      "-name '*.txt'",
      "-type f -name '[a-f]*'",
      "-path '*/deep/*'",
      '! -name g.txt -type f',
      String.raw`\( -name e.txt -o -name '*.log' \)`,
    ),
    oneOf('', '-type f'),
  )
  .map((parts) => `find ${parts.filter((part) => part !== '').join(' ')}`);

const finder = fc.oneof(
  search.map((line) => `${line} -type f -delete`),
  search.map((line) => `${line} -type f -exec sed -i s/o/0/ {} +`),
  search.map((line) => String.raw`${line} -type f -exec cp {} {}.bak \;`),
  search.map((line) => String.raw`${line} -type f -exec sh -c 'echo x >> "$1"' _ {} \;`),
  search.map((line) => `${line} -type f -print0 | xargs -0 -r rm`),
  search.map((line) => `${line} -type f -print0 | xargs -0 -I% cp % lib/last.txt`),
  search.map((line) => `${line} -type f | while IFS= read -r f; do mv "$f" "$f.old"; done`),
  search.map((line) => `find src -name deep -prune -o -type f -exec touch {} +; ${line} > found.txt`),
  oneOf(
    'xargs rm -f < list.txt',
    'cat list.txt | xargs touch',
    'ls *.txt | sort | grep -v c | xargs rm',
    'ls src | xargs -I{} touch lib/{}',
    'grep -rlZ e . | xargs -0 touch',
    "grep -rl '^e' src --include='*.txt' | xargs -r rm",
    'sed -i s/e/E/ $(grep -rl e src)',
  ),
);

const simple = fc.oneof({ weight: 3, arbitrary: writer }, { weight: 1, arbitrary: finder });

// What the first command does decides where the second one writes.
const pair = fc.oneof(
  file.map((name) => `mkdir -p out && cp ${name} out`),
  folder.map((name) => `mkdir out; mv ${name} out`),
  folder.map((name) => `mkdir -p out/x && cp -r ${name} out/x/`),
  fc.constant('rm -rf lib && cp -r src lib'),
  fc.constant('cd src && mv e.txt e2.txt && cd - > /dev/null && rm list.txt'),
  fc
    .tuple(oneOf('n1.txt', 'lib/n4'), oneOf('a.txt', 'src/e.txt'))
    .map(([made, name]) => `cp ${name} ${made} && echo x >> ${name}`),
  fc.tuple(folder, oneOf('new', 'new/')).map((both) => `cp -r ${both.join(' ')}`),
);

// What runs a line in another way, without changing what it writes.
const wrapped = fc.oneof(
  simple,
  simple.map((line) => `bash -c ${quote(line)}`),
  simple.map((line) => `eval ${quote(line)}`),
  simple.map((line) => `bash <<'OUTER'\n${line}\nOUTER\n`),
  simple.map((line) => `{\n${line}\n}`),
  simple.map((line) => `if true; then\n${line}\nfi`),
  simple.map((line) => `f() {\n${line}\n}; f`),
  simple.map((line) => `(cd src 2>/dev/null &&\n${line}\n)`),
  fc.tuple(folder, newFile).map(([into, name]) => `(cd ${into} && touch ${name})`),
  fc
    .tuple(folder, redirection)
    .map(([into, line]) => `pushd ${into} > /dev/null && mkdir -p src lib && ${line} && popd > /dev/null`),
  fc.tuple(file, folder).map(([name, into]) => `X=${name}; cp "$X" ${into}`),
  pattern.map((names) => `for f in ${names}; do [ -f "$f" ] && cp "$f" "$f.bak"; done; true`),
  pattern.map((names) => `for f in ${names}; do rm -rf "$f"; done`),
  fc.tuple(file, file).map((pair) => `g() { touch "$2" "$1.x"; }; g ${pair.join(' ')}`),
  fc.tuple(single, single).map((pair) => `env X=1 timeout 5 nice touch ${pair.join(' ')}`),
  fc.tuple(file, single).map((pair) => `a=(${pair.join(' ')}); for f in "\${a[@]}"; do echo x >> "$f"; done`),
  oneOf(
    'for i in {1..3}; do echo > x$i; done',
    'touch "$PWD/here.txt"',
    'set -- a.txt b.txt; rm "$@"',
    'touch $(echo p q)',
    '[[ a > b ]] && echo "x > y" # > z',
  ),
);

/** A command line whose writes are told by the line and the files before it. */
export const commandLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: wrapped },
  { weight: 1, arbitrary: pair },
);
