import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseJsonc, valueOf } from '../init/clients/jsonc-tree.ts';
import type { DoctorScene } from './finding.ts';

/** Path of a file in the folder where a client keeps what its user has set for all projects. */
export function userPath({ io }: DoctorScene, client: 'claude' | 'codex' | 'gemini', path: string): string {
  const { env } = io;
  const moved = { claude: env['CLAUDE_CONFIG_DIR'], codex: env['CODEX_HOME'], gemini: undefined }[client];
  return join(moved ?? join(env['HOME'] ?? homedir(), `.${client}`), path);
}

/** What a settings file holds, comments left out; an empty mapping where it is absent or unreadable. */
export function settingsIn({ io }: DoctorScene, path: string): unknown {
  const parsed = parseJsonc(io.store.readText(path) ?? '{}');
  return parsed.ok ? valueOf(parsed.value) : {};
}

/** What stands in a value under these keys, one in the other. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
