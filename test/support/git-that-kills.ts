import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { testdir } from './testdir.ts';

/** A `git` for the PATH that kills the process which started it, at a chosen call. */
export interface KillingGit {
  /** Environment under which a program dies by SIGKILL at its `call`-th git, before that runs or after it ended. */
  readonly arm: (call: number, when: 'before' | 'after') => Readonly<Record<string, string>>;
  /** How many gits the program got to start. */
  readonly calls: () => number;
}

/** Makes one. Between two gits our programs only write files atomically, so these are the places where a kill hurts. */
export function killingGit(): KillingGit {
  const folder = testdir();
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const counter = join(folder, 'counter');
  const script = `#!/bin/sh
n=$(($(cat "${counter}") + 1))
echo $n > "${counter}"
if [ "$n" = "$KILL_AT" ] && [ "$KILL_WHEN" = before ]; then kill -9 $PPID; exit 1; fi
if [ "$n" = "$KILL_AT" ]; then "${real}" "$@" > /dev/null 2>&1; kill -9 $PPID; exit 1; fi
exec "${real}" "$@"
`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return {
    arm(call, when) {
      writeFileSync(counter, '0\n');
      return { PATH: `${folder}:${process.env['PATH'] ?? ''}`, KILL_AT: String(call), KILL_WHEN: when };
    },
    calls: () => Number(readFileSync(counter, 'utf8')),
  };
}
