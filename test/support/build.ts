import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the bins once, so that end-to-end tests start what a user would start. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
  });
}
