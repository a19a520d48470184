import { requireDuration, SquadError } from '#protocol';
import { defaultConcurrency, DEFAULT_BACKOFF, type Backoff, type BudgetLimits } from '#runner';
import type { Call, OptionSpec } from '../shell/command.ts';

/** Options that every command that starts agents has. */
export const SETTING_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'max-concurrent': {
    kind: 'value',
    value: 'N',
    summary: 'agents at once (default: by cores and memory, at most 10)',
  },
  timeout: { kind: 'value', value: 'DURATION', summary: 'for one try (default 30m)' },
  grace: {
    kind: 'value',
    value: 'DURATION',
    summary: 'between asking a process group to end and ending it (default 10s)',
  },
  retry: { kind: 'value', value: 'N', summary: 'tries after a transient failure, 0 to 3 (default 2)' },
  'retry-delay': {
    kind: 'value',
    value: 'DURATION',
    summary: 'before the first retry, doubled each time (default 2s)',
  },
  'max-budget-usd': {
    kind: 'value',
    value: 'USD',
    summary: 'for the whole run; nothing more starts when it is used up',
  },
};

/** {@link SETTING_OPTIONS}, read. */
export interface Settings {
  readonly maxConcurrent: number;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly retries: number;
  readonly backoff: Backoff;
  readonly budget: BudgetLimits;
}

/** Reads the options; `USAGE` or `DURATION_INVALID` for what cannot be read. */
export function readSettings(call: Call): Settings {
  const totalUsd = readAmount(call, 'max-budget-usd');
  return {
    maxConcurrent: readCount(call, 'max-concurrent', { fallback: defaultConcurrency(), min: 1, max: 64 }),
    timeoutMs: readDurationMs(call, 'timeout', 30 * 60_000),
    graceMs: readDurationMs(call, 'grace', 10_000),
    retries: readCount(call, 'retry', { fallback: 2, min: 0, max: 3 }),
    backoff: { ...DEFAULT_BACKOFF, firstMs: readDurationMs(call, 'retry-delay', DEFAULT_BACKOFF.firstMs) },
    budget: totalUsd === undefined ? {} : { totalUsd },
  };
}

/** A whole number within bounds. */
export function readCount(
  call: Call,
  name: string,
  rule: { readonly fallback: number; readonly min: number; readonly max: number },
): number {
  const text = call.value(name);
  if (text === undefined) return rule.fallback;
  const count = Number(text);
  if (/^\d+$/u.test(text) && count >= rule.min && count <= rule.max) return count;
  throw new SquadError({
    code: 'USAGE',
    message: `--${name} is a whole number from ${rule.min} to ${rule.max}, not "${text}"`,
  });
}

/** Milliseconds of a duration option. */
export function readDurationMs(call: Call, name: string, fallbackMs: number): number {
  const text = call.value(name);
  if (text === undefined) return fallbackMs;
  return requireDuration(text, { where: `--${name}`, hint: `as in --${name} 90s` });
}

/** An amount of money. */
export function readAmount(call: Call, name: string): number | undefined {
  const text = call.value(name);
  if (text === undefined) return undefined;
  const amount = Number(text.replace(/^\$/u, ''));
  if (text.trim() !== '' && Number.isFinite(amount) && amount > 0) return amount;
  throw new SquadError({ code: 'USAGE', message: `--${name} is an amount like 5 or 0.50, not "${text}"` });
}
