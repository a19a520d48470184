/** How a file marks the lines that are ours. */
export interface BlockMarks {
  readonly begin: string;
  readonly end: string;
}

/** Marks for Markdown. */
export const MARKDOWN_MARKS: BlockMarks = {
  begin: '<!-- dotsquad:begin -->',
  end: '<!-- dotsquad:end -->',
};

/** Marks for TOML and shell. */
export const HASH_MARKS: BlockMarks = { begin: '# dotsquad:begin', end: '# dotsquad:end' };

/** The text with our block in place, in the text's own line ends: replaced where its marks stand, else added at the end. Everything else stays as it is. */
export function putBlock(text: string, body: string, marks: BlockMarks): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = `${marks.begin}\n${body.trimEnd()}\n${marks.end}\n`.replaceAll('\n', eol);
  const place = findBlock(text, marks);
  if (place !== undefined) return text.slice(0, place.start) + block + text.slice(place.end);
  if (text === '') return block;
  return `${text}${text.endsWith('\n') ? '' : eol}${eol}${block}`;
}

/** The text without our block and the blank line before it. */
export function dropBlock(text: string, marks: BlockMarks): string {
  const place = findBlock(text, marks);
  if (place === undefined) return text;
  const before = text.slice(0, place.start).replace(/(\r?\n)\r?\n$/u, '$1');
  return before + text.slice(place.end);
}

function findBlock(text: string, marks: BlockMarks): { start: number; end: number } | undefined {
  const start = text.indexOf(marks.begin);
  const close = text.indexOf(marks.end, start + 1);
  if (start === -1 || close === -1) return undefined;
  const newline = text.indexOf('\n', close);
  return { start, end: newline === -1 ? text.length : newline + 1 };
}
