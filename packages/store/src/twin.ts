import type { Result } from '#protocol';
import type { Store } from './store.ts';

/** A file that people edit and its machine-made JSON twin, which the fast path reads instead. */
export interface TwinSpec<T> {
  readonly source: string;
  readonly twin: string;
  readonly decode: (value: unknown) => Result<T, unknown>;
  /** Reads the source's text; may load slow modules. */
  readonly compile: (text: string) => Promise<T>;
}

/**
 * The compiled form of the source as it is now; `undefined` when there is no source. The twin is used only if it
 * was made of exactly these bytes, else it is made anew, so an edit takes effect at once without a daemon.
 */
export async function readTwin<T>(store: Store, spec: TwinSpec<T>): Promise<T | undefined> {
  const text = store.readText(spec.source);
  if (text === undefined) return undefined;
  const fresh = freshTwin(store, spec, text);
  if (fresh !== undefined) return fresh;
  const value = await spec.compile(text);
  store.writeAtomic(spec.twin, `${JSON.stringify({ source: text, value })}\n`);
  return value;
}

/** {@link readTwin} for callers that cannot wait: the twin's value if it is fresh, else `undefined`. */
export function freshTwin<T>(store: Store, spec: TwinSpec<T>, text: string): T | undefined {
  const twin = store.readText(spec.twin);
  if (twin === undefined) return undefined;
  try {
    const parsed = JSON.parse(twin) as { source?: unknown; value?: unknown };
    if (parsed.source !== text) return undefined;
    const decoded = spec.decode(parsed.value);
    return decoded.ok ? decoded.value : undefined;
  } catch {
    return undefined;
  }
}

/** `sha256:` and 64 hex digits of the text's UTF-8 bytes. */
export function hashText(text: string | Uint8Array): string {
  return `sha256:${process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex')}`;
}
