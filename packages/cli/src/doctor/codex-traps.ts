import { userPath } from './client-settings.ts';
import { listCodexHooks, type CodexHook } from './ask-codex.ts';
import type { DoctorScene, Finding } from './finding.ts';

/** Where a hook of ours stands: in a file of the project, or in the plugin. */
export type CodexSource = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'plugin' };

/** Whether Codex runs our hook before an edit, asked of Codex itself, else read from its configuration. */
export async function codexTraps(scene: DoctorScene, source: CodexSource): Promise<readonly Finding[]> {
  const { io, home } = scene;
  const hooks = await listCodexHooks({ root: home.mainRoot, env: io.env });
  if (hooks === undefined) return isTrustedByText(scene, source) ? [] : [untrusted('nobody trusted')];
  const ours = hooks.find((hook) => hook.eventName === 'preToolUse' && isOf(hook, source));
  if (ours === undefined)
    return [
      trap(
        'Codex does not read our hooks: it does not trust the folder, or its hooks are switched off',
        'start codex here and trust the folder, then run /hooks; in config.toml: [features] hooks = true',
      ),
    ];
  if (!ours.enabled) return [trap('our hooks are switched off in Codex', 'start codex and run /hooks')];
  if (ours.trustStatus === 'untrusted') return [untrusted('nobody trusted')];
  return ours.trustStatus === 'modified' ? [untrusted('changed since somebody trusted them')] : [];
}

function isOf({ command, sourcePath, pluginId }: CodexHook, source: CodexSource): boolean {
  if (source.kind === 'plugin') return (pluginId ?? '').startsWith('squad@');
  return sourcePath === source.path && /\bguard pre-tool\b/u.test(command ?? '');
}

// Codex keeps a hash for each trusted hook, under the hook file's path. Whether the hash still fits only Codex can tell.
function isTrustedByText(scene: DoctorScene, source: CodexSource): boolean {
  const config = scene.io.store.readText(userPath(scene, 'codex', 'config.toml')) ?? '';
  const place = source.kind === 'file' ? source.path : 'squad@';
  return config.includes(`[hooks.state."${place}`) && !/^\s*hooks\s*=\s*false/mu.test(config);
}

function untrusted(which: string): Finding {
  const advice = 'start codex and run /hooks, once after each change of the hooks';
  return trap(`Codex skips hooks that ${which}, without a word`, advice);
}

function trap(message: string, advice: string): Finding {
  return { check: 'codex', severity: 'warning', message, advice };
}
