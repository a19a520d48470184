import { createHash } from 'node:crypto';
import type { SourceInput } from '../model.ts';

/** Bytes or text of a document, under the path by which diagnostics name it. */
export interface RawDocument {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** The document as readers see it: no byte-order mark, LF, NUL and invalid UTF-8 replaced; the hash is of the bytes as given. */
export function sourceInput(raw: RawDocument): SourceInput {
  const bytes = typeof raw.content === 'string' ? Buffer.from(raw.content, 'utf8') : raw.content;
  const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const decoded = typeof raw.content === 'string' ? raw.content : new TextDecoder('utf-8').decode(bytes);
  const text = decoded
    .replace(/^\uFEFF/u, '')
    .replace(/\r\n?/gu, '\n')
    .replaceAll('\0', '\uFFFD');
  return { path: raw.path, text, hash };
}
