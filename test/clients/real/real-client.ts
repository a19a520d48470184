import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cleanEnvironment } from '../../support/bins.ts';
import { testdir } from '../../support/testdir.ts';
import { ensureClient, type RealClient } from './client-cache.ts';
import {
  startModel,
  type ScriptedCall,
  type ScriptedModel,
  type Scripts,
  type WireFormat,
} from './scripted-model.ts';
import { anthropic, gemini, responses } from './wire-formats.ts';

/** What a finished run of a client left. */
export interface ClientRun {
  readonly code: number | null;
  readonly output: string;
}

/** A real client, driven by a scripted model. */
export interface Driver {
  readonly name: RealClient;
  readonly format: WireFormat;
  readonly edit: (path: string, from: string, to: string) => readonly ScriptedCall[];
  readonly shell: (command: string) => ScriptedCall;
  readonly start: (session: Session) => { args: readonly string[]; env: Readonly<Record<string, string>> };
}

/** One headless session. */
export interface Session {
  readonly cwd: string;
  readonly script: string;
  readonly model: ScriptedModel;
  readonly agent: string;
  /** The repository, which the client is told to trust. */
  readonly root: string;
  readonly more?: readonly string[];
}

const RUN_MS = 120_000;

/** Claude Code. */
export const claude: Driver = {
  name: 'claude',
  format: anthropic,
  edit: (path, from, to) => [
    { name: 'Read', input: { file_path: path } },
    { name: 'Edit', input: { file_path: path, old_string: from, new_string: to } },
  ],
  shell: (command) => ({ name: 'Bash', input: { command, description: 'scripted' } }),
  start: ({ script, model, more = [] }) => ({
    args: [
      '-p',
      `@@script:${script}`,
      '--permission-mode',
      'acceptEdits',
      '--allowedTools',
      'Bash',
      'Agent',
      '--max-turns',
      '20',
      '--output-format',
      'stream-json',
      '--verbose',
      ...more,
    ],
    env: {
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${model.port}`,
      ANTHROPIC_API_KEY: 'sk-ant-dummy-000',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  }),
};

/** Gemini CLI. */
export const geminiCli: Driver = {
  name: 'gemini',
  format: gemini,
  edit: (path, from, to) => [
    {
      name: 'replace',
      input: { file_path: path, old_string: from, new_string: to, instruction: 'scripted' },
    },
  ],
  shell: (command) => ({ name: 'run_shell_command', input: { command, description: 'scripted' } }),
  start({ script, model, more = [] }) {
    const home = testdir({
      '.gemini/settings.json': JSON.stringify({
        security: { auth: { selectedType: 'gemini-api-key' } },
        general: { maxAttempts: 1 },
      }),
    });
    return {
      args: [
        '-p',
        `@@script:${script}`,
        '--output-format',
        'stream-json',
        '--approval-mode',
        'yolo',
        ...more,
      ],
      env: {
        HOME: home,
        GEMINI_API_KEY: 'dummy',
        GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${model.port}`,
        GEMINI_CLI_TRUST_WORKSPACE: 'true',
      },
    };
  },
};

/** Codex CLI. */
export const codex: Driver = {
  name: 'codex',
  format: responses,
  edit: (path, from, to) => [
    {
      name: 'apply_patch',
      input: `*** Begin Patch\n*** Update File: ${path}\n@@\n-${from}\n+${to}\n*** End Patch\n`,
    },
  ],
  shell: (command) => ({ name: 'exec_command', input: { cmd: command } }),
  start({ script, model, root, cwd, more = [] }) {
    const home = codexHome();
    const trusted = [...new Set([root, cwd])].map(
      (path) => `[projects.${JSON.stringify(path)}]\ntrust_level = "trusted"\n`,
    );
    writeFileSync(
      join(home, 'config.toml'),
      `model = "gpt-5.5"\nmodel_provider = "scripted"\n[model_providers.scripted]\nname = "scripted"\nbase_url = "http://127.0.0.1:${model.port}/v1"\nenv_key = "SCRIPTED_KEY"\nwire_api = "responses"\nrequest_max_retries = 0\nstream_max_retries = 0\nsupports_websockets = false\n${trusted.join('')}`,
    );
    return {
      args: [
        'exec',
        '--json',
        '--dangerously-bypass-hook-trust',
        '--dangerously-bypass-approvals-and-sandbox',
        ...more,
        `@@script:${script}`,
      ],
      env: { CODEX_HOME: home, SCRIPTED_KEY: 'dummy' },
    };
  },
};

/** A fresh home for Codex, which refuses one below the temporary folder; removed with the test. */
export function codexHome(): string {
  const parent = join(homedir(), '.cache', 'dotsquad-clients', 'homes');
  mkdirSync(parent, { recursive: true });
  const home = mkdtempSync(join(parent, 'codex-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Starts a model that follows these scripts in the client's protocol. */
export function modelFor(driver: Driver, scripts: Scripts): Promise<ScriptedModel> {
  return startModel(driver.format, scripts);
}

/** Runs a session of the real client to its end; it is ended with the test at the latest. */
export function runClient(driver: Driver, session: Session): Promise<ClientRun> {
  const { args, env } = driver.start(session);
  const program = ensureClient(driver.name);
  const child = spawn(program, [...args], {
    cwd: session.cwd,
    detached: true,
    env: {
      PATH: cleanEnvironment()['PATH'] ?? '',
      HOME: testdir(),
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      NO_PROXY: '127.0.0.1,localhost',
      // Whatever wants to leave the machine meets a closed door.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      GIT_CONFIG_GLOBAL: '/dev/null',
      ...(session.agent === '' ? {} : { AGENT_ID: session.agent }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  };
  const timer = setTimeout(end, RUN_MS);
  onTestFinished(end);
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}
