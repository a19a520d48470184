import { isSameAgent, readComms, renderBlock } from '#comms';
import { EXIT, requireDuration, renderDiagnostic, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';

/** `squad-comms log`. */
export const logCommand: Command = {
  name: 'log',
  summary: 'Everybody’s blocks in order of time, and what could not be read',
  positionals: '[agent…]',
  options: {
    all: { kind: 'flag', summary: 'every block' },
    last: { kind: 'value', value: 'N', summary: 'only the last N blocks (default 50)' },
    since: { kind: 'value', value: 'DURATION', summary: 'only blocks younger than this' },
  },
  examples: [
    'squad-comms log',
    'squad-comms log agent-1-frontend --last 5',
    'squad-comms log --since 1h --json',
  ],
  action: showLog,
};

async function showLog(call: Call): Promise<Outcome> {
  const { io } = call;
  const { blocks, diagnostics } = readComms(io.store, openSquad(io).squadDir);
  const after = io.clock.wallMs() - sinceMs(call);
  const chosen = blocks
    .filter(
      ({ author }) =>
        call.positionals.length === 0 || call.positionals.some((name) => isSameAgent(name, author)),
    )
    .filter(({ at }) => at === undefined || at >= after)
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .slice(-lastCount(call));
  const notes = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic));
  return {
    exitCode: EXIT.done,
    json: { kind: 'log', blocks: chosen, diagnostics },
    text: chosen.map((block) => `[${block.author}]\n${renderBlock(block)}`).join('\n'),
    ...(notes.length === 0 ? {} : { notice: notes.join('\n') }),
  };
}

function sinceMs(call: Call): number {
  const text = call.value('since');
  return text === undefined ? Infinity : requireDuration(text, { hint: 'as --since 1h' });
}

function lastCount(call: Call): number {
  const text = call.value('last');
  if (call.flag('all')) return Number.MAX_SAFE_INTEGER;
  if (text === undefined) return 50;
  if (/^[1-9]\d{0,8}$/u.test(text)) return Number(text);
  throw new SquadError({ code: 'USAGE', message: `"${text}" is no number of blocks`, hint: 'as --last 10' });
}
