import { testdir } from '../../support/testdir.ts';
import type { Driver } from './real-client.ts';
import { anthropic } from './wire-formats.ts';

/** OpenCode 1.x. */
export const opencode: Driver = {
  name: 'opencode',
  format: anthropic,
  edit: (path, from, to) => [
    { name: 'read', input: { filePath: path } },
    { name: 'edit', input: { filePath: path, oldString: from, newString: to } },
  ],
  shell: (command) => ({ name: 'bash', input: { command, description: 'scripted' } }),
  start({ script, model, more = [] }) {
    const options = { baseURL: `http://127.0.0.1:${model.port}/v1`, apiKey: 'dummy' };
    const home = testdir({
      '.config/opencode/opencode.json': JSON.stringify({
        model: 'anthropic/claude-sonnet-4-5',
        provider: { anthropic: { options } },
      }),
      // It installs its own plugin types into every settings folder, and waits for that.
      '.npmrc': 'offline=true\nfetch-retries=0\n',
    });
    return {
      args: ['run', '--format', 'json', ...more, `@@script:${script}`],
      env: { HOME: home, OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' },
    };
  },
};
