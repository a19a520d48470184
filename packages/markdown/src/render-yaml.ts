import { dump } from 'js-yaml';

/** YAML of a JSON-like value: keys in insertion order, block style, no references, LF, lines not folded. */
export function renderYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true, sortKeys: false });
}

/** A document with a YAML header. */
export function renderFrontMatter(data: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${renderYaml(data)}---\n\n${body.replace(/^\n+/u, '').trimEnd()}\n`;
}
