/** Time as services see it; injected, so that tests and simulations own it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. May step in either direction. */
  readonly wallMs: () => number;
  /** Milliseconds since boot, counting suspend; the same for every process of one boot. Never steps. */
  readonly bootMs: () => number;
}

const DAY_MS = 86_400_000;

/**
 * `2026-11-20T11:00:00Z`: UTC, to the second unless milliseconds are asked for. Reckoned here for the years that are
 * written with four digits, because the first `toISOString` of a process reads the zone's file (0.14 ms).
 */
export function renderInstant(wallMs: number, precision: 'seconds' | 'milliseconds' = 'seconds'): string {
  const ms = Math.trunc(wallMs);
  const date = civilDate(Math.floor(ms / DAY_MS));
  if (date === undefined) return inPrecision(new Date(wallMs).toISOString(), precision);
  const ofDay = ms - Math.floor(ms / DAY_MS) * DAY_MS;
  const clock = [
    Math.floor(ofDay / 3_600_000),
    Math.floor(ofDay / 60_000) % 60,
    Math.floor(ofDay / 1000) % 60,
  ];
  const iso = `${date}T${clock.map((part) => digits(part, 2)).join(':')}.${digits(ofDay % 1000, 3)}Z`;
  return inPrecision(iso, precision);
}

function inPrecision(iso: string, precision: 'seconds' | 'milliseconds'): string {
  return precision === 'milliseconds' ? iso : `${iso.slice(0, -5)}Z`;
}

// Days since 1970 as a date of the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms",
// civil_from_days): eras of 400 years, years that begin in March. Nothing outside the years 1970 to 9999.
function civilDate(days: number): string | undefined {
  if (!(days >= 0 && days < 2_932_897)) return undefined;
  const fromMarch = days + 719_468;
  const era = Math.floor(fromMarch / 146_097);
  const ofEra = fromMarch - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fifths = Math.floor((5 * ofYear + 2) / 153);
  const month = fifths < 10 ? fifths + 3 : fifths - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(ofYear - Math.floor((153 * fifths + 2) / 5) + 1, 2)}`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
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
