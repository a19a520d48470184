import { pastRecord, renderPast, replay } from '#coordinator';
import { EXIT, parseDuration, parseInstant, SquadError } from '#protocol';
import { readJournal } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';

/** `squad-sync replay`. */
export const replayCommand: Command = {
  name: 'replay',
  summary: 'The state at any moment of the past, from the journal',
  options: {
    at: { kind: 'value', value: 'TIME', summary: 'an instant, or how long ago: 2026-11-20T11:30:00Z, 10m' },
  },
  examples: ['squad-sync replay --at 10m', 'squad-sync replay --at 2026-11-20T11:30:00Z --json'],
  action: show,
};

async function show(call: Call): Promise<Outcome> {
  const { store, clock } = call.io;
  const { events } = readJournal(store, openSquad(call.io).squadDir);
  const state = replay(events, momentOf(call.value('at'), clock.wallMs()));
  return { exitCode: EXIT.done, json: pastRecord(state), text: renderPast(state) };
}

function momentOf(text: string | undefined, now: number): number {
  if (text === undefined) return Infinity;
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const duration = parseDuration(text);
  if (duration.ok) return now - duration.value;
  throw new SquadError({
    code: 'USAGE',
    message: `"${text}" is no time`,
    hint: 'as --at 10m or --at 2026-11-20T11:30:00Z',
  });
}
