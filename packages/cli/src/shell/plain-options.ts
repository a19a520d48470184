import type { OptionSpec } from './command.ts';

/** Options by name as `util.parseArgs` gives them, and what is no option. */
export interface ReadOptions {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Reads a line that is made only of words, `--flag`, `--name value` and `--name=value`, exactly as `util.parseArgs` would.
 * `undefined` for any other, right or wrong: that is for `util.parseArgs` to judge.
 */
export function readPlainOptions(
  specs: Readonly<Record<string, OptionSpec>>,
  words: readonly string[],
): ReadOptions | undefined {
  const values: Record<string, string | boolean | string[]> = {};
  const positionals: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      positionals.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals === -1 ? undefined : equals);
    const spec = word.startsWith('--') && Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined || (spec.kind === 'flag' && equals !== -1)) return undefined;
    if (spec.kind === 'flag') {
      values[name] = true;
      continue;
    }
    if (equals === -1) at += 1;
    const value = equals === -1 ? words[at] : word.slice(equals + 1);
    if (value === undefined || (equals === -1 && value.startsWith('-'))) return undefined;
    const before = values[name];
    values[name] = spec.kind === 'value' ? value : [...(Array.isArray(before) ? before : []), value];
  }
  return { values, positionals };
}
