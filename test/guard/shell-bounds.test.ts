import { analyseShell } from '#guard';
import { createNodeStore } from '#store';
import { expect, test } from 'vitest';
import { openLook } from '../../packages/guard/src/look/open-look.ts';
import { testdir } from '../support/testdir.ts';

// Each would take hours, or all memory, if it were followed to its end.
test.each([
  ['a value that doubles', 'X=aaaa; for i in {1..60}; do X=$X$X; done; touch $X'],
  ['an array that doubles', 'a=(a b); for i in {1..60}; do a=("${a[@]}" "${a[@]}"); done; rm "${a[@]}"'],
  ['arguments that double', 'f() { f "$@" "$@"; }; f a b'],
  ['a fork bomb', ':(){ :|:& };:'],
  [
    'functions that call twice',
    `f0(){ :; };${Array.from({ length: 60 }, (_, at) => `f${at + 1}(){ f${at}; f${at}; };`).join('')}f60`,
  ],
  ['an eval of itself', String.raw`X="eval \"\$X\""; eval "$X"`],
  [
    'loops in loops',
    'for a in {1..200}; do for b in {1..200}; do for c in {1..200}; do touch $a$b$c; done; done; done',
  ],
  ['braces', `touch ${'{a,b}'.repeat(40)}`],
  ['brackets', '('.repeat(400_000)],
  ['conditions', 'if true; then '.repeat(5000)],
  ['a search in a loop', "for i in {1..200}; do find . -name '*.ts' | xargs -I{} cp {} {}.$i; done"],
])('%s is given up in time', (_, command) => {
  const root = testdir(Object.fromEntries(Array.from({ length: 100 }, (_each, at) => [`${at}.ts`, ''])));
  const analysis = analyseShell(command, { cwd: root, home: undefined, look: openLook(createNodeStore()) });
  expect(analysis.isPartial).toBe(true);
  expect(analysis.writes.length).toBeLessThanOrEqual(5000);
});
