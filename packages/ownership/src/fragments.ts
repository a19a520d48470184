import { compilePattern, escapePattern, matches, type PatternOptions } from '#glob';
import { folderKey, type CompiledRule } from './compiled-matrix.ts';

/** The patterns of an agent's own files below a PARTITIONED folder, when its rule names none. */
const DEFAULT_FRAGMENTS = ['<agent>-*', '<agent>.*', '<agent>/**'];

/**
 * How a PARTITIONED rule parts the path: into one file per agent (`fragments`, the agent's own patterns), or, for a file
 * that everyone writes, into named regions.
 */
export type Partition =
  | { readonly kind: 'fragments'; readonly own: readonly string[]; readonly isOwn: boolean }
  | { readonly kind: 'regions' };

/** Which partition holds for a path under a PARTITIONED rule. */
export function partitionOf(
  rule: CompiledRule,
  { path, agent }: { readonly path: string; readonly agent: string },
  reading: PatternOptions = {},
): Partition {
  const { folder, plainPath } = compilePattern(rule.pattern);
  const isBelow =
    folderKey(folder, reading) !== folderKey(path, reading) &&
    (plainPath !== undefined || /(?:\/\*\*|\/)$/u.test(rule.pattern));
  if (rule.fragments === undefined && !isBelow) return { kind: 'regions' };
  const forms = rule.fragments === undefined ? DEFAULT_FRAGMENTS : [rule.fragments];
  const own = forms.map((form) => rooted(folder, form).replaceAll('<agent>', escapePattern(agent)));
  return { kind: 'fragments', own, isOwn: own.some((pattern) => matches(pattern, path, reading)) };
}

// `CHANGELOG.d/<agent>-*.md` and `<agent>-*.md` mean the same under /CHANGELOG.d.
function rooted(folder: string, form: string): string {
  if (form.startsWith('/') || folder === '' || form.startsWith(`${folder}/`)) return form;
  return `${escapePattern(folder)}/${form}`;
}
