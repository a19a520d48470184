/** A stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the value of a key stands in the JSON object that begins at or after `from`; the keys of objects inside it are not
 * looked at. A text value without its quotes. `undefined` when the object has no such key.
 */
export function jsonField(text: string, from: number, key: string): Span | undefined {
  let depth = 0;
  for (let at = text.indexOf('{', from); at !== -1 && at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return undefined;
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (depth === 1 && text.slice(at + 1, end) === key) {
        const span = valueAfter(text, end + 1);
        if (span !== undefined) return span;
      }
      at = end;
    }
  }
  return undefined;
}

/** Index of the quote that closes the one at `open`. */
function endOfString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}

function valueAfter(text: string, from: number): Span | undefined {
  const colon = /\s*:\s*/uy;
  colon.lastIndex = from;
  if (!colon.test(text)) return undefined;
  const start = colon.lastIndex;
  if (text.charAt(start) === '"') return { start: start + 1, end: endOfString(text, start) };
  const word = /[\w.+-]+/uy;
  word.lastIndex = start;
  return word.test(text) ? { start, end: word.lastIndex } : undefined;
}
