import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runBin, type BinResult } from './bins.ts';
import { gitIn, testRepository } from './repository.ts';
import { testdir } from './testdir.ts';

/** A repository with `.squad/`, inside a folder of its own so that its worktrees are removed with it. */
export interface SquadRepository {
  readonly root: string;
  /** A folder outside the repository, for scripts and traces. */
  readonly outside: string;
  readonly git: (...args: readonly string[]) => string;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<BinResult>;
  readonly task: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<BinResult>;
  /** Writes an executable script outside the repository and returns its path, quoted for a shell. */
  readonly script: (name: string, text: string) => string;
}

/** Makes one, with these files committed and `squad-init` run. */
export async function squadRepository(files: Readonly<Record<string, string>>): Promise<SquadRepository> {
  const outside = testdir();
  const root = join(outside, 'the repo');
  gitIn(outside, 'clone', '--quiet', testRepository(files), root);
  gitIn(root, 'config', 'user.name', 'Test');
  gitIn(root, 'config', 'user.email', 'test@example.org');
  gitIn(root, 'remote', 'remove', 'origin');
  expect((await runBin('squad-init', [], { cwd: root })).code).toBe(0);
  return {
    root,
    outside,
    git: (...args) => gitIn(root, ...args),
    run: (args, env = {}) => runBin('squad-run', args, { cwd: root, env }),
    task: (args, env = {}) => runBin('squad-task', args, { cwd: root, env }),
    script(name, text) {
      const path = join(outside, name);
      writeFileSync(path, `#!/bin/sh\n${text}\n`);
      chmodSync(path, 0o755);
      return `'${path}'`;
    },
  };
}
