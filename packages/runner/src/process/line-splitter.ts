// A stream-json line carries whole tool results; more than this is cut, the log has it all.
const MAX_LINE = 4_000_000;

/** Turns chunks of text into lines; the rest without a newline comes with `end`. */
export interface LineSplitter {
  readonly push: (text: string) => void;
  readonly end: () => void;
}

/** Calls back once per line, without its line end. A line beyond four million characters is given in pieces. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  let rest = '';
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.replace(/\r$/u, ''));
      if (rest.length > MAX_LINE) {
        onLine(rest);
        rest = '';
      }
    },
    end() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
