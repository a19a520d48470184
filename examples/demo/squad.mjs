// Starts the built bins as an agent would.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packageRoot = new URL('../../', import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'));

/** Command line of a bin. */
export function binCommand(name) {
  return [process.execPath, fileURLToPath(new URL(bin[name], packageRoot))];
}

/** Runs a bin to its end. */
export function squad(name, args, { cwd, env = {} }) {
  const [program, script] = binCommand(name);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [script, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs a bin with --json and returns its document; fails when the exit code is not one of those expected. */
export async function squadJson(name, args, options, expected = [0]) {
  const dashes = args.indexOf('--');
  const own =
    dashes === -1 ? [...args, '--json'] : [...args.slice(0, dashes), '--json', ...args.slice(dashes)];
  const { code, stdout, stderr } = await squad(name, own, options);
  if (!expected.includes(code))
    throw new Error(`${name} ${args.join(' ')} exited ${code}:\n${stdout}${stderr}`);
  return { code, value: stdout.trim() === '' ? undefined : JSON.parse(stdout) };
}
