import { renderInstant, SquadError } from '#protocol';
import { createRunBook, listRuns, openRunBook, type FanoutItem, type RunBook } from '#runner';
import type { Call } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';

/** The book of the run to go on with (`--run`, `--resume`), else of a new one. Refuses a list that the run does not know. */
export function openFanoutBook(
  call: Call,
  squad: Squad,
  work: { readonly items: readonly FanoutItem[]; readonly words: readonly string[] },
): RunBook {
  const command = JSON.stringify(work.words);
  const earlier = earlierRun(call, squad, command);
  if (earlier !== undefined) {
    const unknown = work.items.find(({ key }) => !earlier.run.items.includes(key));
    if (unknown === undefined) return earlier;
    throw new SquadError({
      code: 'USAGE',
      message: `run ${earlier.run.id} has no item "${unknown.key}"`,
      hint: 'name files of that run (or none, for all of them), or start a new run without --resume',
    });
  }
  if (work.items.length === 0) {
    throw new SquadError({
      code: 'USAGE',
      message: 'the list is empty: there is nothing to run',
      hint: 'name files, or --from LIST',
    });
  }
  const { clock, newId, store } = call.io;
  return createRunBook(store, squad.squadDir, {
    version: 1,
    id: newId(),
    kind: 'fanout',
    createdAt: renderInstant(clock.wallMs(), 'milliseconds'),
    command,
    cwd: call.io.cwd,
    items: work.items.map(({ key }) => key),
  });
}

function earlierRun(call: Call, squad: Squad, command: string): RunBook | undefined {
  const named = call.value('run');
  const { store } = call.io;
  if (named !== undefined) {
    const book = openRunBook(store, squad.squadDir, named);
    if (book?.run.kind === 'fanout') return book;
    throw new SquadError({
      code: 'RUN_UNKNOWN',
      message: `there is no fan-out run "${named}"`,
      hint: 'run: squad-run status',
    });
  }
  if (!call.flag('resume')) return undefined;
  const last = listRuns(store, squad.squadDir).findLast(
    (run) => run.kind === 'fanout' && run.command === command,
  );
  if (last !== undefined) return openRunBook(store, squad.squadDir, last.id);
  throw new SquadError({
    code: 'RUN_UNKNOWN',
    message: 'there is no earlier run of this command to resume',
    hint: 'leave --resume out to start one, or name it: --run ID (see: squad-run status)',
  });
}
