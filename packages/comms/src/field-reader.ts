import { hashText } from '#store';
import type { Diagnostic } from '#protocol';
import { findInstant } from './heading-line.ts';
import { fieldNameOf } from './field-name.ts';
import { parsePathItems, type PathItem } from './path-item.ts';
import { textOf, type RawBlock, type RawField } from './raw-block.ts';

/** The fields of one block by the protocol's names; what is never asked for is left as `extra`. */
export interface FieldReader {
  readonly raw: RawBlock;
  readonly author: string;
  /** Text of a field; several of one name are joined by a line break. `undefined` when absent or empty. */
  readonly text: (name: string) => string | undefined;
  /** {@link FieldReader.text} on one line. */
  readonly word: (name: string) => string | undefined;
  readonly lines: (name: string) => readonly string[];
  readonly paths: (name: string) => readonly PathItem[];
  readonly instant: (name: string) => number | undefined;
  /** Puts a field back among the unknown ones, because its value could not be read. */
  readonly keep: (name: string, expected: string) => void;
  /** The block's id as written, else one made of its content, so that re-reading gives the same. */
  readonly id: (prefix: string) => string;
  readonly prose: () => string | undefined;
  readonly extra: () => Readonly<Record<string, string>>;
  readonly problem: (problem: Pick<Diagnostic, 'severity' | 'message'> & Partial<Diagnostic>) => void;
}

/** Reads a block's fields; problems go to `diagnostics`. */
export function readFields(
  raw: RawBlock,
  from: { author: string; path: string; diagnostics: Diagnostic[] },
): FieldReader {
  const taken = new Set<RawField>();
  const named = (name: string): readonly RawField[] =>
    raw.fields.filter(({ label }) => fieldNameOf(raw.kind, label) === name);
  const take = (name: string): readonly RawField[] => {
    const fields = named(name);
    for (const field of fields) taken.add(field);
    return fields;
  };
  const text = (name: string): string | undefined => {
    const joined = take(name)
      .map(textOf)
      .filter((part) => part !== '')
      .join('\n');
    return joined === '' ? undefined : joined;
  };
  const word = (name: string): string | undefined => text(name)?.replace(/\s+/gu, ' ').trim() || undefined;
  const problem: FieldReader['problem'] = (what) =>
    from.diagnostics.push({ code: 'COMM_BLOCK_INVALID', path: from.path, range: raw.range, ...what });
  return {
    raw,
    author: from.author,
    text,
    word,
    lines: (name) => take(name).flatMap(({ lines }) => lines.map((line) => line.trim()).filter(Boolean)),
    paths: (name) => parsePathItems(take(name).flatMap(({ lines }) => lines)),
    instant: (name) => {
      const value = word(name);
      return value === undefined ? undefined : findInstant(value);
    },
    keep(name, expected) {
      for (const field of named(name)) {
        taken.delete(field);
        problem({
          severity: 'info',
          message: `"${field.label}" could not be read and is kept as text`,
          range: { start: { line: field.line, column: 1 }, end: { line: field.line, column: 2 } },
          expected,
          actual: textOf(field).slice(0, 80),
        });
      }
    },
    id: (prefix) => idWord(word('id')) ?? `${prefix}-${contentHash(raw, from.author)}`,
    prose: () => raw.prose.join('\n').trim() || undefined,
    extra: () =>
      extraOf(
        raw.fields.filter((field) => !taken.has(field) && fieldNameOf(raw.kind, field.label) !== 'timestamp'),
      ),
    problem,
  };
}

function idWord(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /[A-Za-z0-9][\w.:-]*/u.exec(text)?.[0];
}

function contentHash(raw: RawBlock, author: string): string {
  const content = [
    author,
    raw.kind,
    raw.at ?? '',
    ...raw.fields.map((field) => `${field.label}:${textOf(field)}`),
  ];
  return hashText(content.join('\n')).slice('sha256:'.length, 'sha256:'.length + 8);
}

function extraOf(fields: readonly RawField[]): Readonly<Record<string, string>> {
  const byLabel = new Map<string, string>();
  for (const field of fields) {
    const before = byLabel.get(field.label);
    byLabel.set(field.label, before === undefined ? textOf(field) : `${before}\n${textOf(field)}`);
  }
  return Object.fromEntries(byLabel);
}
