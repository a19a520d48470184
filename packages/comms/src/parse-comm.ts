import type { CommBlock, Diagnostic } from '#protocol';
import { DECODERS } from './decode-block.ts';
import { readFields } from './field-reader.ts';
import { findInstant } from './heading-line.ts';
import { fieldNameOf } from './field-name.ts';
import { textOf, type RawBlock } from './raw-block.ts';
import { scanBlocks } from './scan-blocks.ts';

/** What a comm file says, in the order it says it, and what of it could not be read. */
export interface CommParse {
  readonly blocks: readonly CommBlock[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a comm file as people and models write it: with or without bullets, emphasis, blank lines and timestamps,
 * in the status words of other dialects, with CRLF, unknown keys (kept in `extra`) and a torn last block.
 * Text inside closed code fences is no block. Never throws.
 */
export function parseComm(text: string, file: { readonly author: string; readonly path: string }): CommParse {
  const scan = scanBlocks(text, file.path);
  const diagnostics = [...scan.diagnostics];
  const blocks = scan.blocks.flatMap((raw) => {
    const block = decode(raw, { ...file, diagnostics });
    return block === undefined ? [] : [block];
  });
  return { blocks, diagnostics };
}

function decode(
  raw: RawBlock,
  file: { author: string; path: string; diagnostics: Diagnostic[] },
): CommBlock | undefined {
  const dated = raw.at === undefined ? { ...raw, at: fieldInstant(raw) } : raw;
  const found: Diagnostic[] = [];
  const block = DECODERS[raw.kind](readFields(dated, { ...file, diagnostics: found }));
  if (raw.isTorn) {
    file.diagnostics.push({
      severity: 'warning',
      code: 'COMM_BLOCK_TORN',
      message: 'the file ends within a line: this block may be incomplete',
      path: file.path,
      range: raw.range,
      expected: 'a final line break',
    });
  }
  file.diagnostics.push(
    ...found.map((diagnostic) =>
      raw.isTorn && block === undefined ? { ...diagnostic, code: 'COMM_BLOCK_TORN' as const } : diagnostic,
    ),
  );
  return block;
}

function fieldInstant(raw: RawBlock): number | undefined {
  const field = raw.fields.find(({ label }) => fieldNameOf(raw.kind, label) === 'timestamp');
  return field === undefined ? undefined : findInstant(textOf(field));
}
