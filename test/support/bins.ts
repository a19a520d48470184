import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };

/** What a finished program left. */
export interface BinResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Absolute path of a built bin, as `package.json` names it. */
export function binPath(name: keyof typeof packageJson.bin): string {
  return fileURLToPath(new URL(`../../${packageJson.bin[name]}`, import.meta.url));
}

/** Starts a built bin as a user would and waits for its end. */
export function runBin(
  name: keyof typeof packageJson.bin,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly input?: string },
): Promise<BinResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [binPath(name), ...args], {
      cwd: options.cwd,
      env: { ...cleanEnvironment(), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

/** The environment without what would make a test depend on who runs it. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  const personal =
    /^(?:AGENT_|SQUAD_|CLAUDE|CODEX_|GEMINI_|GIT_|NODE_EXTRA_CA_CERTS$|VITEST|NODE_OPTIONS$|NO_COLOR$|FORCE_COLOR$)/u;
  for (const name of Object.keys(env)) if (personal.test(name)) delete env[name];
  return env;
}
