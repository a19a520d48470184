import matter from 'gray-matter';
import { err, ok, rangeAt, type Diagnostic, type Result } from '#protocol';
import { parseYaml } from './yaml.ts';

/** A document split into its front matter and its body. */
export interface FrontMatter {
  /** The header's value; `undefined` when the document has none. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly body: string;
  /** 1-based line of the document on which the body begins. */
  readonly bodyLine: number;
}

// gray-matter evaluates `---js` headers and reads YAML with an old js-yaml; only its splitting is used here,
// and every engine it could choose by itself refuses.
const refuse = (): never => {
  throw new Error('only YAML front matter is read');
};
const ENGINES = {
  yaml: (text: string) => ({ text }),
  json: refuse,
  javascript: refuse,
  js: refuse,
  coffee: refuse,
  coffeescript: refuse,
  cson: refuse,
  toml: refuse,
};

/**
 * Splits a document at its `---` header and reads the header as YAML; code in a header is never run.
 * Any header language but YAML is refused. CRLF and a byte-order mark are accepted.
 */
export function parseFrontMatter(text: string, path: string): Result<FrontMatter, readonly Diagnostic[]> {
  const plain = text.replace(/^\uFEFF/u, '').replaceAll('\r\n', '\n');
  if (!/^---[ \t]*[^\n-]*\n/u.test(plain)) return ok({ data: undefined, body: plain, bodyLine: 1 });
  const invalid = (message: string): Result<never, readonly Diagnostic[]> =>
    err([
      {
        severity: 'error',
        code: 'FRONT_MATTER_INVALID',
        message,
        path,
        range: rangeAt(1),
        expected: '--- and YAML, closed by ---',
      },
    ]);
  const language = /^---[ \t]*([^\n]*)/u.exec(plain)?.[1]?.trim() ?? '';
  if (language !== '' && language !== 'yaml' && language !== 'yml')
    return invalid(`a "${language.slice(0, 30)}" header is not read`);
  if (!/\n---[ \t]*(?:\n|$)/u.test(plain)) return ok({ data: undefined, body: plain, bodyLine: 1 });
  const split = matter(plain, { engines: ENGINES, language: 'yaml' });
  const header = parseYaml(split.matter, path, 2);
  if (!header.ok) return header;
  if (
    header.value !== null &&
    header.value !== undefined &&
    (typeof header.value !== 'object' || Array.isArray(header.value))
  ) {
    return invalid('the header is not a mapping');
  }
  const bodyLine = plain.slice(0, plain.length - split.content.length).split('\n').length;
  return ok({ data: (header.value ?? {}) as Record<string, unknown>, body: split.content, bodyLine });
}
