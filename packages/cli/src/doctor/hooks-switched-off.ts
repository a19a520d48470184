import { join } from 'node:path';
import { settingsIn, userPath, valueAt } from './client-settings.ts';
import type { DoctorScene } from './finding.ts';

/** The settings files, as a person finds them, in which all hooks of Claude Code are switched off. */
export function claudeSwitchesOff(scene: DoctorScene): readonly string[] {
  const personal = userPath(scene, 'claude', 'settings.json');
  const places = ['.claude/settings.json', '.claude/settings.local.json'].map((path) => inRoot(scene, path));
  return [...places, personal].filter((path) => valueAt(settingsIn(scene, path), 'disableAllHooks') === true);
}

/** The settings files in which hooks of Gemini CLI are switched off: all of them, or our own by name. */
export function geminiSwitchesOff(scene: DoctorScene): readonly string[] {
  return geminiSettings(scene).filter((path) => {
    const config = valueAt(settingsIn(scene, path), 'hooksConfig');
    const disabled = valueAt(config, 'disabled');
    return (
      valueAt(config, 'enabled') === false || (Array.isArray(disabled) && disabled.includes('squad pre-tool'))
    );
  });
}

/** True where Gemini CLI keeps the agent's name from our hooks: under GitHub Actions it passes on only what its settings allow. */
export function geminiHidesAgent(scene: DoctorScene): boolean {
  const { GITHUB_SHA: commit = '', SURFACE: surface } = scene.io.env;
  if (commit === '' && surface !== 'Github') return false;
  return !geminiSettings(scene).some((path) => {
    const settings = settingsIn(scene, path);
    const allowed = valueAt(settings, 'security', 'environmentVariableRedaction', 'allowed');
    return Array.isArray(allowed) && allowed.includes('AGENT_ID');
  });
}

function geminiSettings(scene: DoctorScene): readonly string[] {
  return [inRoot(scene, '.gemini/settings.json'), userPath(scene, 'gemini', 'settings.json')];
}

function inRoot({ home }: DoctorScene, path: string): string {
  return join(home.mainRoot, path);
}
