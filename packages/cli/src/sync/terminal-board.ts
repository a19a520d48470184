import { styleText } from 'node:util';
import {
  pressKey,
  renderBoard,
  type BoardLine,
  type BoardRequest,
  type BoardState,
  type StatusRecord,
} from '#coordinator';
import type { Io } from '../shell/io.ts';

/** A board on a terminal. */
export interface TerminalBoard {
  readonly show: (record: StatusRecord) => void;
  readonly close: () => void;
}

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<BoardLine['tone'], Style | undefined>> = {
  plain: undefined,
  title: 'bold',
  selected: 'inverse',
  good: 'green',
  warning: 'yellow',
  error: 'red',
  faint: 'dim',
};

/**
 * Draws on the alternate screen and leaves the terminal as it was. Only lines that changed are written, so nothing
 * flickers. Colours obey `NO_COLOR`.
 */
export function openBoard(
  io: Io,
  onRequest: (request: BoardRequest) => Promise<string | undefined>,
): TerminalBoard {
  const { stdin, stdout } = io;
  let state: BoardState = { selected: 0, isDetail: false, message: '' };
  let record: StatusRecord | undefined;
  let drawn: readonly string[] = [];
  const hasColour = (io.env['NO_COLOR'] ?? '') === '';
  const draw = (): void => {
    if (record === undefined) return;
    const columns = stdout.columns ?? 80;
    // Only the process's own stream knows the height.
    const rows = process.stdout.rows ?? 24;
    const lines = renderBoard(record, { ...state, columns, rows }).map((line) => paint(line, hasColour));
    const changed = lines.flatMap((line, index) =>
      line === drawn[index] ? [] : [`\u001b[${index + 1};1H${line}\u001b[K`],
    );
    if (changed.length > 0) stdout.write(changed.join(''));
    drawn = lines;
  };
  const ask = async (request: BoardRequest): Promise<void> => {
    const message = await onRequest(request);
    if (message === undefined) return;
    state = { ...state, message };
    draw();
  };
  const onKey = (chunk: Buffer | string): void => {
    const effect = pressKey(String(chunk), state, record);
    state = effect.state;
    draw();
    if (effect.request === undefined) return;
    void ask(effect.request);
  };
  const onResize = (): void => {
    drawn = [];
    stdout.write('\u001b[2J');
    draw();
  };
  const raw =
    'setRawMode' in stdin && typeof stdin.setRawMode === 'function'
      ? stdin.setRawMode.bind(stdin)
      : undefined;
  stdout.write('\u001b[?1049h\u001b[?25l\u001b[2J');
  raw?.(true);
  stdin.on('data', onKey);
  process.on('SIGWINCH', onResize);
  return {
    show(next) {
      record = next;
      draw();
    },
    close() {
      stdin.off('data', onKey);
      stdin.pause();
      raw?.(false);
      process.off('SIGWINCH', onResize);
      stdout.write('\u001b[?25h\u001b[?1049l');
    },
  };
}

function paint({ text, tone }: BoardLine, hasColour: boolean): string {
  const style = STYLES[tone];
  if (style === undefined) return text;
  if (!hasColour) return tone === 'selected' ? `\u001b[7m${text}\u001b[27m` : text;
  return styleText(style, text);
}
