import { SquadError } from '#protocol';
import type { Tokens } from './client/agent-event.ts';
import type { Client } from './client/client.ts';

/** What a model costs, in US dollars per million tokens. */
export interface Price {
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/** Prices by the name of a model or a client. */
export type Prices = Readonly<Record<string, Price>>;

/** Reads `1.25/10`: dollars per million tokens in, and out; `undefined` for anything else. */
export function parsePrice(text: string): Price | undefined {
  const [, input, output] = /^\s*\$?(\d+(?:\.\d+)?)\s*\/\s*\$?(\d+(?:\.\d+)?)\s*$/u.exec(text) ?? [];
  return input === undefined || output === undefined
    ? undefined
    : { inputUsd: Number(input), outputUsd: Number(output) };
}

/** What so many tokens cost. Cached tokens count as any other, so it is never too little. */
export function costOf({ input, output }: Tokens, { inputUsd, outputUsd }: Price): number {
  return (input * inputUsd + output * outputUsd) / 1_000_000;
}

/** The price for a client that tells tokens only: the model's, else the client's. */
export function priceFor(client: Client, prices: Prices, model?: string): Price | undefined {
  if (client.tells !== 'tokens') return undefined;
  return (model === undefined ? undefined : prices[model]) ?? prices[client.name];
}

/** What is to be kept of a budget. */
export interface AskedBudget {
  readonly totalUsd?: number;
  readonly perTaskUsd?: number;
  readonly model?: string;
}

/** Refuses (`USAGE`) a budget that nobody could keep, because the client tells neither a price nor, with one given, tokens. */
export function requireKeepable(client: Client, asked: AskedBudget, prices: Prices): void {
  if (client.tells === 'cost') return;
  const name = client.name === 'command' ? 'a command' : client.name;
  if (asked.perTaskUsd !== undefined) {
    throw new SquadError({
      code: 'USAGE',
      message: `a budget for each task cannot be kept: ${name} does not stop at a price`,
      hint: 'use --max-budget-usd for the whole run, or --timeout for each task',
    });
  }
  if (asked.totalUsd === undefined || priceFor(client, prices, asked.model) !== undefined) return;
  throw new SquadError({
    code: 'USAGE',
    message:
      client.tells === 'tokens'
        ? `a budget cannot be kept: ${name} tells tokens and no price`
        : `a budget cannot be kept: ${name} tells no price`,
    hint:
      client.tells === 'tokens'
        ? `give its price per million tokens in and out in .squad/config.yaml, as in run: {prices: {${asked.model ?? client.name}: 1.25/10}}`
        : 'leave --max-budget-usd out',
  });
}
