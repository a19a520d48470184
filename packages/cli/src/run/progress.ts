import { printableLine, renderDuration } from '#protocol';
import type { AgentEvent, ItemRecord } from '#runner';
import type { Call } from '../shell/command.ts';

/** Live progress on stderr: on a terminal a block that is redrawn, one line per agent at work; elsewhere one line per change. */
export interface Progress {
  readonly note: (item: ItemRecord) => void;
  /** What the agent of an item does now. */
  readonly event: (item: { readonly id: string }, event: AgentEvent) => void;
  readonly end: () => void;
}

interface Live {
  readonly sinceMs: number;
  doing: string;
  tokens: number;
  denied: number;
}

const REDRAW_MS = 250;

/** Progress over so many items; silent with `--json` unless stderr is a terminal. */
export function createProgress(call: Call, total: number): Progress {
  const { stderr, clock } = call.io;
  const isTerminal = stderr.isTTY === true;
  const states = new Map<string, string>();
  const live = new Map<string, Live>();
  let drawn = 0;
  let drawnAt = -Infinity;
  const count = (state: string): number => [...states.values()].filter((each) => each === state).length;
  const wipe = (): string => (drawn === 0 ? '' : `\r\u001b[${drawn}A\u001b[J`);
  const draw = (isDue: boolean): void => {
    if (!isTerminal || (!isDue && clock.wallMs() - drawnAt < REDRAW_MS)) return;
    const head = `${count('done')}/${total} done, ${count('failed')} failed, ${live.size} at work`;
    // A line that wraps would be wiped only in part.
    const width = Math.max(20, (stderr.columns || 80) - 3);
    const agents = [...live].map(
      ([key, one]) => `  ${printableLine(liveLine(key, one, clock.wallMs()), width)}`,
    );
    const lines = [head, ...agents];
    stderr.write(`${wipe()}${lines.join('\n')}\n`);
    drawn = lines.length;
    drawnAt = clock.wallMs();
  };
  return {
    note(item) {
      if (states.get(item.key) === item.state) return;
      states.set(item.key, item.state);
      if (item.state === 'running')
        live.set(item.key, { sinceMs: clock.wallMs(), doing: 'starts', tokens: 0, denied: 0 });
      else live.delete(item.key);
      draw(true);
      if (!isTerminal && !call.json) stderr.write(`${changeLine(item)}\n`);
    },
    event({ id: key }, event) {
      const one = live.get(key);
      if (one === undefined) return;
      take(one, event);
      draw(false);
      if (!isTerminal && !call.json && event.kind === 'denied')
        stderr.write(
          `refused ${printableLine(key)}: ${printableLine(event.tool, 20)}: ${printableLine(event.reason)}\n`,
        );
    },
    end() {
      if (drawn > 0) stderr.write(wipe());
      drawn = 0;
    },
  };
}

function take(one: Live, event: AgentEvent): void {
  if (event.kind === 'tool') one.doing = [event.name, event.target].filter(Boolean).join(' ');
  else if (event.kind === 'text') one.doing = event.text.trim().split('\n').at(-1) ?? one.doing;
  else if (event.kind === 'denied') one.denied += 1;
  else if (event.kind === 'usage') one.tokens = event.tokens.input + event.tokens.output;
}

function liveLine(key: string, one: Live, nowMs: number): string {
  const notes = [
    renderDuration(Math.max(0, nowMs - one.sinceMs)),
    ...(one.tokens > 0 ? [`${one.tokens} tokens`] : []),
    ...(one.denied > 0 ? [`${one.denied} refused`] : []),
  ];
  return `${key} (${notes.join(', ')}) ${one.doing}`;
}

function changeLine({ key, state, reason, attempts }: ItemRecord): string {
  const last = attempts.at(-1);
  const facts = [
    ...(last?.durationMs === undefined ? [] : [renderDuration(last.durationMs)]),
    ...(last?.tokens === undefined || last.tokens === 0 ? [] : [`${last.tokens} tokens`]),
  ];
  const why = state === 'failed' && reason !== undefined ? `: ${printableLine(reason)}` : '';
  const isOver = state === 'done' || state === 'failed';
  return `${state.padEnd(7)} ${printableLine(key)}${isOver && facts.length > 0 ? ` (${facts.join(', ')})` : ''}${why}`;
}
