import type { Range } from '#protocol';
import type { BlockTitle } from './block-title.ts';

/** A field with the indented lines that follow it. */
export interface RawField {
  readonly label: string;
  readonly line: number;
  /** First the text after the colon, then the continuation lines less the field's own indentation and two. */
  readonly lines: readonly string[];
}

/** A block before its fields are understood. */
export interface RawBlock extends BlockTitle {
  readonly at: number | undefined;
  readonly range: Range;
  readonly fields: readonly RawField[];
  /** Lines that are no field. */
  readonly prose: readonly string[];
  /** True when the file ends within the block's last line. */
  readonly isTorn: boolean;
}

/** The whole text of a field, without surrounding blank space. */
export function textOf(field: RawField): string {
  return field.lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
