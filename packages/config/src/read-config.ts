import { join } from 'node:path';
import { renderDiagnostic, SquadError, type Diagnostic } from '#protocol';
import { readTwin, type Store } from '#store';
import { configSchema, DEFAULT_CONFIG, type Config } from './config-record.ts';
import { placeOfSetting } from './setting-place.ts';

/** Path of the settings in a `.squad/` folder. */
export function configPath(squadDir: string): string {
  return join(squadDir, 'config.yaml');
}

/**
 * The settings in force: the file over the defaults. Reads the JSON twin unless the file changed since, so YAML is
 * loaded only after an edit. An unreadable file is `INPUT_INVALID` with every problem, never a silent default.
 */
export async function readConfig(store: Store, squadDir: string): Promise<Config> {
  const source = configPath(squadDir);
  const config = await readTwin<Config>(store, {
    source,
    twin: join(squadDir, '.run', 'config.json'),
    decode: (value) => configSchema.decode(value),
    compile: (text) => compileConfig(text, source),
  });
  return config ?? DEFAULT_CONFIG;
}

async function compileConfig(text: string, path: string): Promise<Config> {
  const { parseYaml } = await import('#markdown');
  const parsed = parseYaml(text, path);
  if (!parsed.ok) throw invalid(parsed.error, text);
  const decoded = configSchema.decode(merge(DEFAULT_CONFIG, parsed.value));
  if (decoded.ok) return decoded.value;
  const diagnostics = decoded.error.map(({ at, expected, actual }): Diagnostic => {
    const range = placeOfSetting(text, at);
    const found = { severity: 'error', code: 'FIELD_INVALID', message: `setting ${at}`, path } as const;
    return { ...found, ...(range === undefined ? {} : { range }), expected, actual };
  });
  throw invalid(diagnostics, text);
}

function invalid(diagnostics: readonly Diagnostic[], text: string): SquadError {
  return new SquadError({
    code: 'INPUT_INVALID',
    message: diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, text)).join('\n'),
    data: diagnostics,
    hint: 'correct the file, or remove the line to get the default',
  });
}

function merge(base: unknown, over: unknown): unknown {
  if (over === null || over === undefined) return base;
  if (!isMapping(base) || !isMapping(over)) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = merge(base[key], value);
  return merged;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
