import { EXIT, SquadError } from '#protocol';
import { listRuns, openRunBook, readRunner, type RunBook } from '#runner';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { renderCounts, renderItems } from './item-table.ts';

/** `squad-run status`. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'Show the runs, or one of them: what is done, what runs, what failed and where its log is',
  positionals: '[run]',
  maxPositionals: 1,
  options: {},
  examples: ['squad-run status', 'squad-run status 01KABC… --json'],
  async action(call) {
    const { squadDir } = openSquad(call.io);
    const [id] = call.positionals;
    if (id !== undefined) return one(call, requireBook(call, squadDir, id));
    const books = listRuns(call.io.store, squadDir).flatMap(
      (run) => openRunBook(call.io.store, squadDir, run.id) ?? [],
    );
    return {
      exitCode: EXIT.done,
      json: { runs: books.map((book) => summary(call, book)) },
      text: books.length === 0 ? 'there are no runs' : books.map((book) => line(call, book)).join('\n'),
    };
  },
};

/** The run of that id, or `RUN_UNKNOWN`. */
export function requireBook(call: Call, squadDir: string, id: string): RunBook {
  const book = openRunBook(call.io.store, squadDir, id);
  if (book !== undefined) return book;
  throw new SquadError({
    code: 'RUN_UNKNOWN',
    message: `there is no run "${id}"`,
    hint: 'see: squad-run status',
  });
}

function summary(call: Call, book: RunBook): Record<string, unknown> {
  const items = book.run.items.map((key) => book.item(key));
  return {
    ...book.run,
    isRunning: isRunning(call, book),
    states: Object.fromEntries(items.map(({ key, state }) => [key, state])),
  };
}

function line(call: Call, book: RunBook): string {
  const items = book.run.items.map((key) => book.item(key));
  return `${book.run.id}  ${book.run.createdAt}  ${book.run.kind.padEnd(6)}  ${isRunning(call, book) ? 'running' : 'ended  '}  ${renderCounts(items)}`;
}

function one(call: Call, book: RunBook): Promise<Outcome> {
  const items = book.run.items.map((key) => book.item(key));
  const state = isRunning(call, book) ? 'runs' : 'does not run';
  return Promise.resolve({
    exitCode: EXIT.done,
    json: { ...book.run, isRunning: isRunning(call, book), items },
    text: `${renderItems(items)}\n\nrun ${book.run.id} ${state}: ${renderCounts(items)}${book.run.integration === undefined ? '' : `\nbranch ${book.run.integration}`}`,
  });
}

function isRunning(call: Call, book: RunBook): boolean {
  return readRunner(call.io.store, book)?.life === 'alive';
}
