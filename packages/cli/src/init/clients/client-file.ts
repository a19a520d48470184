import type { BlockMarks } from './marked-block.ts';

/** The clients that `squad-init` installs into. */
export const INSTALLABLE = ['claude', 'codex', 'gemini', 'opencode', 'cursor'] as const;

/** One of {@link INSTALLABLE}. */
export type InstallableClient = (typeof INSTALLABLE)[number];

/** One file of a client's installation, by what is done to it. Paths start at the repository's root. */
export type ClientFile =
  /** Settings of others too: ours are merged in. */
  | { readonly kind: 'settings'; readonly path: string; readonly wanted: Readonly<Record<string, unknown>> }
  /** A text of others too: a block between marks. With `ifPresent` nothing is done where there is no such file. */
  | {
      readonly kind: 'block';
      readonly path: string;
      readonly body: string;
      readonly marks: BlockMarks;
      readonly ifPresent?: boolean;
    }
  /** A file that is wholly ours. */
  | { readonly kind: 'whole'; readonly path: string; readonly text: string };

/** The file by which every client's hooks start our programs; it stands beside the client's settings. */
export const LAUNCHER = 'dotsquad.cjs';

/**
 * True for a value of ours in a client's settings: a hook, a group of nothing but our hooks, or our MCP server under
 * its name. Whatever else stands there is somebody's.
 */
export function isOurSetting(value: unknown): boolean {
  if (!isMapping(value)) return false;
  const { hooks, command, args } = value;
  if (Array.isArray(hooks)) return hooks.length > 0 && hooks.every(isOurSetting);
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'squad') return isOurSetting(only[1]);
  return JSON.stringify([command ?? '', args ?? '']).includes(LAUNCHER);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
