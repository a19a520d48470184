import { INERT } from './plumbing.ts';
import { git, runGit } from './run-git.ts';

/** A ref that one process holds as a mutex. */
export interface RefLock {
  readonly kind: 'held';
  readonly release: () => Promise<void>;
}

/** Somebody else holds it; `text` is what they wrote. */
export interface RefBusy {
  readonly kind: 'busy';
  readonly text: string;
}

const ABSENT = '0'.repeat(40);
const ATTEMPTS = 5;

/**
 * Takes `refs/squad/lock/<name>` by git's own compare-and-swap, so that of any number of processes exactly one gets
 * it, also when all of them find a holder that `isGone`. `text` says who holds it; it must differ between holders.
 */
export async function takeRefLock(
  cwd: string,
  lock: { readonly name: string; readonly text: string; readonly isGone: (text: string) => boolean },
): Promise<RefLock | RefBusy> {
  const ref = `refs/squad/lock/${lock.name}`;
  const mine = (await git([...INERT, 'hash-object', '-w', '--stdin'], { cwd, input: lock.text })).trim();
  let text = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = (await runGit(['rev-parse', '--verify', '--quiet', ref], { cwd })).stdout.trim();
    text = found === '' ? '' : (await runGit(['cat-file', 'blob', found], { cwd })).stdout;
    if (found !== '' && found !== mine && !lock.isGone(text)) return { kind: 'busy', text };
    const swap = await runGit([...INERT, 'update-ref', ref, mine, found === '' ? ABSENT : found], { cwd });
    if (swap.code === 0) {
      const release = async (): Promise<void> =>
        void (await runGit([...INERT, 'update-ref', '-d', ref, mine], { cwd }));
      return { kind: 'held', release };
    }
  }
  return { kind: 'busy', text };
}
