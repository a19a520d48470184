import type { SourceInput } from '../model.ts';
import type { Findings } from './finish.ts';

/** Reads one format: what a document of it says, before ids are settled and references resolved. */
export interface Reader {
  readonly format: string;
  /** A reason in words when this reader recognises the document, else `undefined`. */
  readonly recognises: (input: SourceInput) => string | undefined;
  readonly read: (input: SourceInput) => Findings;
}
