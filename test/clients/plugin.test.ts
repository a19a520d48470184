import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { testdir } from '../support/testdir.ts';

// As a client keeps it: a copy without the package around it.
test.each(['squad-guard', 'squad-lock', 'squad-mcp', 'squad-own', 'squad-comms'])(
  'from a copy of the plugin %s knows its version',
  (name) => {
    const copy = join(testdir(), 'squad');
    cpSync(fileURLToPath(new URL('../../dist/plugin', import.meta.url)), copy, { recursive: true });
    const said = execFileSync(process.execPath, [join(copy, 'bin', name), '--version'], { encoding: 'utf8' });
    expect(said.trim()).toContain(packageJson.version);
  },
);
