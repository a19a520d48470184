import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseJsonc, valueOf } from '../init/clients/jsonc-tree.ts';
import type { DoctorScene } from './finding.ts';

/** The settings files, as a person finds them, in which all hooks of Claude Code are switched off. */
export function claudeSwitchesOff(scene: DoctorScene): readonly string[] {
  const { env } = scene.io;
  const personal = join(
    env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? homedir(), '.claude'),
    'settings.json',
  );
  const places = ['.claude/settings.json', '.claude/settings.local.json'].map((path) => inRoot(scene, path));
  return [...places, personal].filter((path) => at(settingsIn(scene, path), 'disableAllHooks') === true);
}

/** The settings files in which hooks of Gemini CLI are switched off: all of them, or our own by name. */
export function geminiSwitchesOff(scene: DoctorScene): readonly string[] {
  return geminiSettings(scene).filter((path) => {
    const config = at(settingsIn(scene, path), 'hooksConfig');
    const disabled = at(config, 'disabled');
    return (
      at(config, 'enabled') === false || (Array.isArray(disabled) && disabled.includes('squad pre-tool'))
    );
  });
}

/** True where Gemini CLI keeps the agent's name from our hooks: under GitHub Actions it passes on only what its settings allow. */
export function geminiHidesAgent(scene: DoctorScene): boolean {
  const { GITHUB_SHA: commit = '', SURFACE: surface } = scene.io.env;
  if (commit === '' && surface !== 'Github') return false;
  return !geminiSettings(scene).some((path) => {
    const security = at(settingsIn(scene, path), 'security');
    const allowed = at(at(security, 'environmentVariableRedaction'), 'allowed');
    return Array.isArray(allowed) && allowed.includes('AGENT_ID');
  });
}

function geminiSettings(scene: DoctorScene): readonly string[] {
  return [
    inRoot(scene, '.gemini/settings.json'),
    join(scene.io.env['HOME'] ?? homedir(), '.gemini/settings.json'),
  ];
}

function inRoot({ home }: DoctorScene, path: string): string {
  return join(home.mainRoot, path);
}

function settingsIn({ io }: DoctorScene, path: string): unknown {
  const parsed = parseJsonc(io.store.readText(path) ?? '{}');
  return parsed.ok ? valueOf(parsed.value) : {};
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
