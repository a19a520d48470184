/** Time as services see it; injected, so that tests and simulations own it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. May step in either direction. */
  readonly wallMs: () => number;
  /** Milliseconds since boot, counting suspend; the same for every process of one boot. Never steps. */
  readonly bootMs: () => number;
}

/** `2026-11-20T11:00:00Z`: UTC, to the second unless milliseconds are asked for. */
export function renderInstant(wallMs: number, precision: 'seconds' | 'milliseconds' = 'seconds'): string {
  const iso = new Date(wallMs).toISOString();
  return precision === 'milliseconds' ? iso : `${iso.slice(0, 19)}Z`;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u;

/** Milliseconds since the epoch of an ISO 8601 instant (UTC when no zone is written), else `undefined`. */
export function parseInstant(text: string): number | undefined {
  const trimmed = text.trim();
  if (!INSTANT.test(trimmed)) return undefined;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/u.test(trimmed) && trimmed.length > 10;
  const time = Date.parse(zoned || trimmed.length === 10 ? trimmed : `${trimmed.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? undefined : time;
}
