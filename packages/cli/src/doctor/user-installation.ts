import { join } from 'node:path';
import type { InstallableClient } from '../init/clients/client-file.ts';
import { settingsIn, userPath, valueAt } from './client-settings.ts';
import type { DoctorScene } from './finding.ts';
import { guardCommand } from './guard-command.ts';

/** Our plugin or extension among what a client's user has installed, switched on for this folder. */
export interface UserInstallation {
  readonly name: string;
  /** The shell command by which it asks the guard before an edit; `undefined` when its files are gone. */
  readonly command: string | undefined;
}

/** What a person installed for all folders; only that fires in Claude Code and Gemini CLI when started in a sub-folder. */
export function userInstallation(
  scene: DoctorScene,
  client: InstallableClient,
): UserInstallation | undefined {
  switch (client) {
    case 'claude':
      return claudePlugin(scene);
    case 'codex':
      return codexPlugin(scene);
    case 'gemini':
      return geminiExtension(scene);
    case 'opencode':
    case 'cursor':
      return undefined;
  }
}

function claudePlugin(scene: DoctorScene): UserInstallation | undefined {
  const settings = settingsIn(scene, userPath(scene, 'claude', 'settings.json'));
  const enabled = Object.entries(mapping(settings, 'enabledPlugins'));
  const [id] = enabled.find(([key, value]) => key.startsWith('squad@') && value === true) ?? [];
  if (id === undefined) return undefined;
  const installed = settingsIn(scene, userPath(scene, 'claude', 'plugins/installed_plugins.json'));
  const entries = valueAt(installed, 'plugins', id);
  const paths = (Array.isArray(entries) ? entries : []).map((entry: unknown) => textAt(entry, 'installPath'));
  return pluginAt(
    scene,
    'the plugin of Claude Code',
    paths.find((path) => path !== ''),
  );
}

function codexPlugin(scene: DoctorScene): UserInstallation | undefined {
  const config = scene.io.store.readText(userPath(scene, 'codex', 'config.toml')) ?? '';
  const [, market] = /^\[plugins\."squad@([^"/]+)"\]\s*\nenabled = true/mu.exec(config) ?? [];
  if (market === undefined) return undefined;
  const versions = userPath(scene, 'codex', join('plugins/cache', market, 'squad'));
  const newest = scene.io.store.list(versions).at(-1);
  return pluginAt(scene, 'the plugin of Codex', newest === undefined ? undefined : join(versions, newest));
}

function pluginAt(scene: DoctorScene, name: string, path: string | undefined): UserInstallation {
  const command = path === undefined ? undefined : hookCommand(scene, path);
  return { name, command: command?.replaceAll('${CLAUDE_PLUGIN_ROOT}', path ?? '') };
}

function geminiExtension(scene: DoctorScene): UserInstallation | undefined {
  const folder = userPath(scene, 'gemini', 'extensions');
  const copy = join(folder, 'squad');
  const how = settingsIn(scene, join(copy, '.gemini-extension-install.json'));
  if (scene.io.store.stat(copy) === undefined || !isOnIn(scene, folder)) return undefined;
  const path = textAt(how, 'type') === 'link' ? textAt(how, 'source') : copy;
  const command = hookCommand(scene, path)?.replaceAll('${extensionPath}', path);
  return { name: 'the extension of Gemini CLI', command };
}

// As Gemini CLI decides it: the last rule that covers the folder; without one the extension is on.
function isOnIn(scene: DoctorScene, folder: string): boolean {
  const rules = valueAt(settingsIn(scene, join(folder, 'extension-enablement.json')), 'squad', 'overrides');
  const covers = (rule: string): boolean => {
    const path = rule.replace(/^!/u, '');
    const at = `${scene.io.cwd}/`;
    return path.endsWith('*') ? at.startsWith(path.slice(0, -1)) : at === path;
  };
  const covering = (Array.isArray(rules) ? rules : []).filter(
    (rule: unknown) => typeof rule === 'string' && covers(rule),
  );
  return !String(covering.at(-1) ?? '').startsWith('!');
}

function hookCommand(scene: DoctorScene, folder: string): string | undefined {
  return guardCommand(scene.io.store.readText(join(folder, 'hooks/hooks.json')) ?? '');
}

function mapping(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const inner = valueAt(value, key);
  return typeof inner === 'object' && inner !== null ? { ...inner } : {};
}

function textAt(value: unknown, key: string): string {
  const inner = valueAt(value, key);
  return typeof inner === 'string' ? inner : '';
}
