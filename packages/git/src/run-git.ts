import { spawn } from 'node:child_process';
import { SquadError } from '#protocol';

/** What a finished git process left. */
export interface GitResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run git. */
export interface GitOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

// Variables by which a surrounding git (a hook, for one) would redirect ours to another repository.
const REDIRECTING = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
];

/**
 * Runs git and returns whatever it answered. Never asks on the terminal, takes no optional locks (so that looking
 * never disturbs an agent's rebase), prints paths unquoted and messages in English.
 * Throws `GIT_MISSING` when git cannot be started.
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of REDIRECTING) delete env[name];
  Object.assign(env, { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' }, options.env);
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-c', 'core.quotePath=false', ...args], {
      cwd: options.cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (cause) => reject(startFailure(cause)));
    child.on('close', (code) =>
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    );
    // A git that ends before it has read its input closes the pipe; its exit code tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

/** Standard output of a git command that must succeed; `GIT_FAILED` with git's own words otherwise. */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const result = await runGit(args, options);
  if (result.code === 0) return result.stdout;
  throw new SquadError({
    code: 'GIT_FAILED',
    message: `git ${args.join(' ')} failed with ${result.code}: ${result.stderr.trim() || result.stdout.trim()}`,
    data: { args, cwd: options.cwd, exitCode: result.code, stderr: result.stderr },
  });
}

function startFailure(cause: Error): Error {
  if (!('code' in cause) || cause.code !== 'ENOENT') return cause;
  return new SquadError({
    code: 'GIT_MISSING',
    message: 'git could not be started',
    hint: 'install git, or start in a folder that exists',
    cause,
  });
}
