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
  const personal = join(scene.io.env['HOME'] ?? homedir(), '.gemini/settings.json');
  return [inRoot(scene, '.gemini/settings.json'), personal].filter((path) => {
    const config = at(settingsIn(scene, path), 'hooksConfig');
    const disabled = at(config, 'disabled');
    return (
      at(config, 'enabled') === false || (Array.isArray(disabled) && disabled.includes('squad pre-tool'))
    );
  });
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
