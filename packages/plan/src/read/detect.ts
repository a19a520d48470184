import type { Reader, SourceInput } from '../model.ts';
import { prdReader } from './prd.ts';

/** Every reader, in the order in which they are asked; the last one reads any text. */
export const READERS: readonly Reader[] = [prdReader];

/** The reader of a document and why it was chosen. */
export interface Detected {
  readonly reader: Reader;
  readonly why: string;
}

/** The first reader that recognises the document. */
export function detectReader(input: SourceInput): Detected {
  for (const reader of READERS) {
    const why = reader.recognises(input);
    if (why !== undefined) return { reader, why };
  }
  return { reader: prdReader, why: 'no other format was recognised' };
}
