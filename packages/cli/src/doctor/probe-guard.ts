import { spawn } from 'node:child_process';

/** What came back from a client's own hook command when it was asked about an edit that must be refused. */
export type Probe =
  | { readonly kind: 'fires' }
  | { readonly kind: 'silent'; readonly said: string; readonly exitCode: number | null };

const PROBE_MS = 15_000;

/**
 * Runs a hook command as the client would (through the shell, in the repository) with an edit of a path that nobody may
 * edit, because it holds a NUL. Takes no lease. It fires when it answers with a refusal.
 */
export function probeHook(
  command: string,
  place: { readonly root: string; readonly env: NodeJS.ProcessEnv },
): Promise<Probe> {
  const { root, env } = place;
  const input = JSON.stringify({
    session_id: 'squad-doctor',
    cwd: root,
    hook_event_name: 'PreToolUse',
    tool_name: 'Write',
    tool_input: { file_path: `${root}/squad-doctor\0probe`, content: '' },
    tool_use_id: 'squad-doctor',
  });
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', command], {
      cwd: root,
      env: { ...env, CLAUDE_PROJECT_DIR: root, GEMINI_PROJECT_DIR: root },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), PROBE_MS);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const finish = (exitCode: number | null): void => {
      clearTimeout(timer);
      const isRefusal = exitCode === 2 || /"(?:decision|permission)":"deny"/u.test(stdout);
      resolve(
        isRefusal ? { kind: 'fires' } : { kind: 'silent', exitCode, said: `${stderr}${stdout}`.trim() },
      );
    };
    child.on('error', () => finish(null));
    child.on('close', finish);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
