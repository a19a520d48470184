import { createHash } from 'node:crypto';
import { SquadError } from '#protocol';
import type { SourceDocument, SourceInput } from '../model.ts';
import { detectReader, READERS } from './detect.ts';
import { finishDocument, type Findings } from './finish.ts';
import { mergeFindings, type FileFindings } from './merge-findings.ts';
import type { Reader } from './reader.ts';
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
  return finishDocument(findingsOf(sourceInput(raw), options).findings);
}

/**
 * Reads the files of a folder as one document: an epic with its tasks, the plans of a phase, a backlog. References reach from file
 * to file. Files in which no format is recognised are left out where others have one.
 */
export function readFolder(
  path: string,
  raws: readonly RawDocument[],
  options: ReadOptions = {},
): SourceDocument {
  const files = raws.map((raw): FileFindings => findingsOf(sourceInput(raw), options));
  const hash = createHash('sha256');
  for (const { findings } of files) hash.update(`${findings.input.path}\0${findings.input.hash}\n`);
  const input = { path, text: '', hash: `sha256:${hash.digest('hex')}` };
  return finishDocument(mergeFindings(input, files));
}

function findingsOf(input: SourceInput, options: ReadOptions): FileFindings {
  const { reader, why } = chosen(input, options.format);
  const findings: Findings = reader.read(input);
  return {
    findings: { ...findings, formatWhy: [findings.formatWhy, why].filter((part) => part !== '').join(', ') },
    reader: reader.format,
  };
}

function chosen(input: SourceInput, format: string | undefined): { reader: Reader; why: string } {
  if (format === undefined) {
    const detected = detectReader(input);
    return detected.reader.format === 'prd' ? { ...detected, why: '' } : detected;
  }
  const reader = READERS.find((one) => one.format === format);
  if (reader !== undefined) return { reader, why: 'as told by --format' };
  throw new SquadError({
    code: 'USAGE',
    message: `"${format}" is no format`,
    hint: `use one of ${FORMATS.join(', ')}`,
  });
}
