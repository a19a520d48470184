import type { FileRef, SourceTask } from '../model.ts';

/** The task with the lines on which the parts of files begin that it names, where the files are there and hold them all. */
export function withSymbolLines(
  task: SourceTask,
  tracked: ReadonlySet<string>,
  readText: (path: string) => string | undefined,
): SourceTask {
  if (!task.writes.some(({ symbols }) => symbols !== undefined)) return task;
  return { ...task, writes: task.writes.map((file) => withLines(file, tracked, readText)) };
}

function withLines(
  file: FileRef,
  tracked: ReadonlySet<string>,
  readText: (path: string) => string | undefined,
): FileRef {
  if (file.symbols === undefined || !tracked.has(file.path)) return file;
  const lines = (readText(file.path) ?? '').split('\n');
  const symbolLines = file.symbols.map((symbol) => lineOf(symbol, lines));
  return symbolLines.includes(0) ? file : { ...file, symbolLines };
}

const WORDS =
  'class|interface|type|enum|struct|trait|impl|module|namespace|function|func|fn|def|const|let|var|val|async|static|public|private|protected|get|set|export|default';

/** First line that defines the last name of `Store.get`, after that of the names before it; 0 where none does. */
function lineOf(symbol: string, lines: readonly string[]): number {
  let from = 0;
  for (const name of symbol.split('.')) {
    const escaped = name.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
    const pattern = new RegExp(`^\\s*(?:(?:${WORDS})\\s+)*[*#]?${escaped}\\s*(?:[(<{:=]|$|\\s\\w)`, 'u');
    const found = lines.findIndex((line, index) => index >= from && pattern.test(line.slice(0, 300)));
    if (found === -1) return 0;
    from = found;
  }
  return from + 1;
}
