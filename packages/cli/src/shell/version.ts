import { fileURLToPath } from 'node:url';
import type { Io } from './io.ts';

/** The version of the installed package. */
export function version({ store }: Io): string {
  // The same file from dist/cli/shell/ and, once bundled, from dist/fast/ and beside the bundles of the plugin.
  for (const place of ['../../../package.json', '../../package.json', './package.json']) {
    const text = store.readText(fileURLToPath(new URL(place, import.meta.url)));
    const found = text === undefined ? undefined : (JSON.parse(text) as { name?: string; version?: string });
    if (found?.name === 'dotsquad') return found.version ?? 'unknown';
  }
  return 'unknown';
}
