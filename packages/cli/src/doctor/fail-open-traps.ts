import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { InstallableClient } from '../init/clients/client-file.ts';
import { forAllFolders } from '../init/clients/for-all-folders.ts';
import { codexTraps } from './codex-traps.ts';
import type { DoctorScene, Finding } from './finding.ts';
import { claudeSwitchesOff, geminiHidesAgent, geminiSwitchesOff } from './hooks-switched-off.ts';

/** What would let an edit through although the guard is installed and fires. */
export async function trapsOf(
  scene: DoctorScene,
  client: InstallableClient,
  found: {
    readonly text: string;
    readonly file: string;
    readonly command: string;
    /** The person has the guard for all folders too. */
    readonly isElsewhere: boolean;
  },
): Promise<readonly Finding[]> {
  const { text, file, command, isElsewhere } = found;
  const warn: Warn = (message, advice) => ({
    check: client,
    severity: 'warning',
    message,
    advice,
  });
  const relative =
    client !== 'cursor' && isRelative(command)
      ? [
          warn(
            `${file} names the guard by a relative path: it is not found from a sub-folder`,
            `squad-init --${client}`,
          ),
        ]
      : [];
  const below = isElsewhere ? [] : belowRoot(scene, client, warn);
  return [...relative, ...(await trapsOfClient(scene, client, { text, file }, warn)), ...below];
}

type Warn = (message: string, advice: string) => Finding;

async function trapsOfClient(
  scene: DoctorScene,
  client: InstallableClient,
  { text, file }: { readonly text: string; readonly file: string },
  warn: Warn,
): Promise<readonly Finding[]> {
  switch (client) {
    case 'claude':
      return claudeTraps(scene, { text, file }, warn);
    case 'codex':
      return codexTraps(scene, { kind: 'file', path: join(scene.home.mainRoot, file) });
    case 'cursor':
      return /"failClosed"\s*:\s*true/u.test(text)
        ? []
        : [
            warn(
              `${file}: without "failClosed": true a guard that crashes lets edits through`,
              'squad-init --cursor',
            ),
          ];
    case 'opencode':
      return (await openCodeMajor(scene)) >= 2
        ? [
            warn(
              'OpenCode 2 loads no plugins of 1.x: nothing is guarded there',
              'npm install --global opencode-ai@1',
            ),
          ]
        : [];
    case 'gemini':
      return geminiTraps(scene, warn);
  }
}

// A path that begins in the folder of the moment. Cursor starts hooks in the root.
function isRelative(command: string): boolean {
  const [, , quoted, plain] = /(["'])((?:(?!\1).)*)dotsquad\.cjs\1|(\S*)dotsquad\.cjs/u.exec(command) ?? [];
  return !/^[/~$]/u.test(quoted ?? plain ?? '/');
}

const OPENCODE = 'opencode';

// 0 where there is no such program.
function openCodeMajor({ io }: DoctorScene): Promise<number> {
  return new Promise((resolve) => {
    execFile(OPENCODE, ['--version'], { env: io.env, timeout: 10_000 }, (_, stdout) =>
      resolve(Number(/^\s*v?(\d+)\./u.exec(stdout)?.[1] ?? 0)),
    );
  });
}

function claudeTraps(
  scene: DoctorScene,
  { text, file }: { readonly text: string; readonly file: string },
  warn: Warn,
): readonly Finding[] {
  return [
    ...(/"onFailure"\s*:\s*"block"/u.test(text)
      ? []
      : [
          warn(
            `${file}: without "onFailure": "block" a guard that crashes lets edits through`,
            'squad-init --claude',
          ),
        ]),
    ...claudeSwitchesOff(scene).map((path) =>
      warn('"disableAllHooks" is set: no hook fires', `remove it from ${path}`),
    ),
  ];
}

function geminiTraps(scene: DoctorScene, warn: Warn): readonly Finding[] {
  const off = geminiSwitchesOff(scene).map((path) =>
    warn(`hooks are switched off in ${path}: the guard does not fire`, `remove "hooksConfig" from ${path}`),
  );
  if (!geminiHidesAgent(scene)) return off;
  const message =
    'under GitHub Actions Gemini CLI keeps AGENT_ID from hooks: the guard does not know whose session it is';
  const setting = '"security": { "environmentVariableRedaction": { "allowed": ["AGENT_ID"] } }';
  return [...off, warn(message, `add ${setting} to .gemini/settings.json`)];
}

function belowRoot({ io, home }: DoctorScene, client: InstallableClient, warn: Warn): readonly Finding[] {
  if (io.cwd === home.worktreeRoot || (client !== 'claude' && client !== 'gemini')) return [];
  const name = { claude: 'Claude Code', gemini: 'Gemini CLI' }[client];
  const message = `started in a sub-folder ${name} does not read project hooks`;
  return [warn(message, `start it in the root, or, once: ${forAllFolders(io.store, client)}`)];
}
