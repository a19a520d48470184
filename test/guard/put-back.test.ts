import { expect, test } from 'vitest';
import { putBack } from '../../packages/guard/src/shell/put-back.ts';

const isPath = (word: string): boolean => word === 'a.ts' || word === 'src';
const read = (command: string): unknown => putBack(command.split(' '), isPath);
const whole = (command: string): unknown => ({ command, isUntrackedOnly: false, paths: [] });

test.each([
  ['git stash', 'git stash'],
  ['git stash -u', 'git stash'],
  ['git stash push -m wip', 'git stash'],
  ['git stash save wip', 'git stash'],
  ['git -C web --no-pager reset --hard HEAD~1', 'git reset'],
  ['git reset --keep x', 'git reset'],
  ['git checkout main', 'git checkout'],
  ['git checkout .', 'git checkout'],
  ['git checkout -f main', 'git checkout'],
  ['git switch main', 'git switch'],
])('%s puts the whole checkout back', (command, named) => {
  expect(read(command)).toEqual(whole(named));
});

test.each([
  'git stash list',
  'git stash pop',
  'git stash push a.ts',
  'git stash push -m wip -- a.ts',
  'git reset',
  'git reset --soft HEAD~1',
  'git checkout -b topic',
  'git checkout a.ts',
  'git checkout src',
  'git checkout HEAD~1 b.ts',
  'git checkout -- b.ts',
  'git switch -c topic',
  'git clean -n',
  'git clean -nfd',
  'git commit -m stash',
  'npm run stash',
])('%s does not', (command) => {
  expect(read(command)).toBe(undefined);
});

test('git clean takes only what git does not track, of the paths that it names', () => {
  expect(read('git clean -fdx -e x build')).toEqual({
    command: 'git clean',
    isUntrackedOnly: true,
    paths: ['build'],
  });
  expect(read('git clean --force')).toEqual({ command: 'git clean', isUntrackedOnly: true, paths: [] });
});
