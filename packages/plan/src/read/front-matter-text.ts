import { parseYaml } from '#markdown';
import type { Diagnostic } from '#protocol';

/** 1-based line on which the body begins: after a `---` header when the text has one. */
export function bodyStart(text: string): number {
  return headerEnd(text) + 1;
}

function headerEnd(text: string): number {
  if (!/^---[ \t]*\n/u.test(text)) return 0;
  const close = /\n---[ \t]*(?:\n|$)/u.exec(text.slice(3));
  return close === null ? 0 : text.slice(0, 3 + close.index).split('\n').length + 1;
}

/** A YAML header as data. */
export interface Header {
  readonly data: Readonly<Record<string, unknown>>;
  readonly bodyLine: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the header of a planning document, which tools and people write with small faults: values that begin with `@` or a
 * backtick, or hold `: `, are quoted and read again. What is still no YAML is a diagnostic and an empty header.
 */
export function readHeader(text: string, path: string): Header | undefined {
  const end = headerEnd(text);
  if (end === 0) return undefined;
  const yaml = text
    .split('\n')
    .slice(1, end - 1)
    .join('\n');
  const plain = withIdsAsText(yaml);
  const first = parseYaml(plain, path, 2);
  const result = first.ok ? first : parseYaml(repaired(plain), path, 2);
  if (!result.ok) return { data: {}, bodyLine: end + 1, diagnostics: result.error };
  const isRecord = typeof result.value === 'object' && result.value !== null && !Array.isArray(result.value);
  return {
    data: isRecord ? (result.value as Record<string, unknown>) : {},
    bodyLine: end + 1,
    diagnostics: [],
  };
}

/** `[010]` names the task 010; as a number it would lose its zero. */
function withIdsAsText(yaml: string): string {
  return yaml.replace(/(^\s*-\s+|:\s+|[[,]\s*)(0\d+)(?=\s*(?:[,\]]|$))/gmu, '$1"$2"');
}

function repaired(yaml: string): string {
  return yaml
    .split('\n')
    .map((line) => {
      const match = /^(\s*(?:- )?(?:[\w-]+:\s+)?)([^\s"'[{|>#&].*)$/u.exec(line);
      if (match === null) return line;
      const [, key = '', value = ''] = match;
      const isRisky = /^[@`%*!]|:\s|\s#/u.test(value) && !/^[\w-]+:\s/u.test(value);
      return isRisky ? `${key}${JSON.stringify(value)}` : line;
    })
    .join('\n')
    .replace(
      /\[([^\]"'\n]*@[^\]"'\n]*)\]/gu,
      (_, inner: string) =>
        `[${inner
          .split(',')
          .map((one) => JSON.stringify(one.trim()))
          .join(', ')}]`,
    );
}
