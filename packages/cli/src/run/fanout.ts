import { EXIT, printableLine, SquadError } from '#protocol';
import {
  asOnlyRunner,
  createTemplateClient,
  findClient,
  runFanout,
  writeRunner,
  type Client,
  type FanoutItem,
  type ItemRecord,
} from '#runner';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { watchBesideItems } from './beside-items.ts';
import { itemAt, readItems } from './fanout-list.ts';
import { openFanoutBook } from './fanout-book.ts';
import { watchInterrupts } from './interrupts.ts';
import { renderCounts, renderItems } from './item-table.ts';
import { openRunHomeFor } from './run-home.ts';
import { createProgress } from './progress.ts';
import { busyOutcome } from './tasks.ts';
import { readCount, readSettings, SETTING_OPTIONS } from './settings.ts';

/** `squad-run fanout`. */
export const fanoutCommand: Command = {
  name: 'fanout',
  summary: 'Run one command per file of a list: backed up, verified, resumable',
  positionals: '[file…]',
  takesRest: true,
  options: {
    ...SETTING_OPTIONS,
    agent: {
      kind: 'value',
      value: 'ID',
      summary: 'hold the leases as this agent (default: AGENT_ID, else the run)',
    },
    from: {
      kind: 'value',
      value: 'LIST',
      summary: 'read the list from a file, one path a line; - is standard input',
    },
    null: { kind: 'flag', short: '0', summary: 'the list is separated by NUL, as by find -print0' },
    first: { kind: 'value', value: 'N', summary: 'a trial: only so many, the rest later with --resume' },
    resume: { kind: 'flag', summary: 'go on with the last run of the same command: what is done stays done' },
    run: { kind: 'value', value: 'ID', summary: 'go on with this run' },
    with: {
      kind: 'value',
      value: 'CLIENT',
      summary: 'instead of a command: claude, codex, gemini, opencode',
    },
    prompt: { kind: 'value', value: 'TEXT', summary: 'with --with: what to ask; {file} is filled in' },
    verify: {
      kind: 'value',
      value: 'COMMAND',
      summary: 'shows one item done; when it fails the item is put back',
    },
    ordered: { kind: 'flag', summary: 'one after the other; a failure stops the rest' },
    after: { kind: 'list', value: 'ITEM=EARLIER', summary: 'this item only after that one' },
  },
  examples: [
    "squad-run fanout src/*.js --first 3 --verify 'node --check {file}' -- 'my-codemod {file}'",
    "squad-run fanout --resume --verify 'node --check {file}' src/*.js -- 'my-codemod {file}'",
    "git ls-files -z '*.md' | squad-run fanout --from - -0 --with claude --prompt 'Correct the links in {file}'",
  ],
  action: fanOut,
};

async function fanOut(call: Call): Promise<Outcome> {
  const squad = openSquad(call.io);
  const home = await openRunHomeFor(call);
  const settings = readSettings(call);
  const items = await readItems(call, squad);
  const words = commandWords(call);
  const book = openFanoutBook(call, squad, { items, words });
  const chosen = chooseItems(
    call,
    items.length === 0
      ? book.run.items.map((key) => ({ ...itemAt(call, squad, { key, cwd: book.run.cwd }), after: [] }))
      : items,
    (key) => book.item(key),
  );
  const agent = call.value('agent') ?? call.io.env['AGENT_ID'] ?? `fanout-${book.run.id.slice(-8)}`;
  const beside = await watchBesideItems(call, squad, items.length === 0 ? chosen : items);
  const interrupts = watchInterrupts(call.io);
  const progress = createProgress(call, chosen.length);
  try {
    const report = await asOnlyRunner(home.keeper({ waitMs: 0 }), book.run.id, () => {
      writeRunner(call.io.store, book);
      return runFanout(
        {
          ...settings,
          ...interrupts,
          prices: home.prices,
          book,
          items: chosen,
          client: (item) => clientFor(call, words, item),
          ...verifier(call),
          cwd: book.run.cwd,
          env: { ...call.io.env, AGENT_ID: agent, PARALLEL_MODE: 'true', SQUAD_RUN: book.run.id },
          agent,
          onChange: progress.note,
          onEvent: (item, event) => progress.event({ id: item.key }, event),
        },
        {
          store: call.io.store,
          clock: call.io.clock,
          random: Math.random,
          backoff: settings.backoff,
          leases: home.keeper({ waitMs: 2 * 60_000, signal: interrupts.signal }),
        },
      );
    });
    return outcomeOf(
      report.id,
      book.run.items.map((key) => book.item(key)),
      { ...report, beside: await beside.changed() },
    );
  } catch (error) {
    return busyOutcome(error);
  } finally {
    interrupts.dismiss();
    progress.end();
  }
}

function outcomeOf(
  id: string,
  items: readonly ItemRecord[],
  report: {
    readonly spentUsd: number;
    readonly stopped: string | undefined;
    readonly beside: readonly string[];
  },
): Outcome {
  const isFailed = report.stopped !== undefined || items.some(({ state }) => state === 'failed');
  const rest = items.filter(({ state }) => state === 'pending').length;
  const next = rest > 0 ? `\nthe rest: squad-run fanout --run ${id} …the same options and command` : '';
  return {
    exitCode: isFailed ? EXIT.failed : EXIT.done,
    json: {
      run: id,
      items,
      spentUsd: report.spentUsd,
      stopped: report.stopped ?? null,
      beside: report.beside,
    },
    ...(report.beside.length > 0 && { notice: besideNotice(report.beside) }),
    text: `${renderItems(items)}\n\nrun ${id}: ${renderCounts(items)}${report.stopped === undefined ? '' : `; ${report.stopped}`}${next}`,
  };
}

function besideNotice(paths: readonly string[]): string {
  const shown = paths.slice(0, 20).map((path) => printableLine(path));
  const rest = paths.length > shown.length ? ` and ${paths.length - shown.length} more` : '';
  return `warning: changed meanwhile beside the items, and not put back where one failed: ${shown.join(', ')}${rest}`;
}

function commandWords(call: Call): readonly string[] {
  const client = call.value('with');
  const prompt = call.value('prompt');
  if (client !== undefined && prompt !== undefined && call.rest.length === 0)
    return ['--with', client, prompt];
  if (client === undefined && prompt === undefined && call.rest.length > 0) return call.rest;
  throw new SquadError({
    code: 'USAGE',
    message: 'fanout needs a command after --, or --with and --prompt, and not both',
    hint: "as in: squad-run fanout src/*.js -- 'my-codemod {file}'",
  });
}

function clientFor(call: Call, words: readonly string[], item: FanoutItem): Client {
  const [first, name = '', prompt = ''] = words;
  if (call.value('with') === undefined || first !== '--with')
    return createTemplateClient({ words, file: item.key });
  const client = findClient(name);
  return {
    ...client,
    commandLine: (request) =>
      client.commandLine({ ...request, prompt: prompt.replaceAll('{file}', item.key) }),
  };
}

function verifier(call: Call): { verify?: (item: FanoutItem) => Client } {
  const command = call.value('verify');
  return command === undefined
    ? {}
    : { verify: (item) => createTemplateClient({ words: [command], file: item.key }) };
}

function chooseItems(
  call: Call,
  items: readonly FanoutItem[],
  recordOf: (key: string) => ItemRecord,
): readonly FanoutItem[] {
  if (call.value('first') === undefined) return items;
  const count = readCount(call, 'first', { fallback: 0, min: 1, max: 100_000 });
  return items.filter(({ key }) => recordOf(key).state !== 'done').slice(0, count);
}
