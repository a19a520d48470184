import { SquadError } from '#protocol';
import type { SourceDocument } from '../model.ts';
import { detectReader, READERS } from './detect.ts';
import { sourceInput, type RawDocument } from './source-input.ts';

/** How to read a document. */
export interface ReadOptions {
  /** Name of a format, in place of recognising it. */
  readonly format?: string;
}

/** Names that `format` takes. */
export const FORMATS: readonly string[] = READERS.map((reader) => reader.format);

/**
 * Reads a planning document in any known format. Never throws for what the document says: problems are its diagnostics.
 * Throws `USAGE` for a format that does not exist.
 */
export function readDocument(raw: RawDocument, options: ReadOptions = {}): SourceDocument {
  const input = sourceInput(raw);
  const { format } = options;
  if (format === undefined) {
    const { reader, why } = detectReader(input);
    const document = reader.read(input);
    return document.formatWhy === '' ? { ...document, formatWhy: why } : document;
  }
  const reader = READERS.find((one) => one.format === format);
  if (reader === undefined) throw unknownFormat(format);
  const document = reader.read(input);
  return {
    ...document,
    formatWhy:
      document.formatWhy === '' ? 'as told by --format' : `${document.formatWhy}, as told by --format`,
  };
}

function unknownFormat(format: string): SquadError {
  return new SquadError({
    code: 'USAGE',
    message: `"${format}" is no format`,
    hint: `use one of ${FORMATS.join(', ')}`,
  });
}
