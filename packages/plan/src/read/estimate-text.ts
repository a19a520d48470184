import type { Estimate } from '../model.ts';

const UNIT_MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 480, w: 2400 };
const AMOUNT =
  /(?<![\w.])(\d{1,4}(?:\.\d{1,2})?)\s*(?:[-–~～]\s*(\d{1,4}(?:\.\d{1,2})?)\s*)?(minutes?|mins?|min|m|hours?|hrs?|hr|h|days?|d|weeks?|wks?|wk|w|分|時間|小时|시간|日|天)(?![\w/])/iu;
const SIZES: Readonly<Record<string, number>> = { XS: 60, S: 120, M: 240, L: 480, XL: 960, XXL: 1920 };
const WORD_SIZES: Readonly<Record<string, string>> = {
  trivial: 'XS',
  tiny: 'XS',
  small: 'S',
  low: 'S',
  simple: 'S',
  medium: 'M',
  moderate: 'M',
  large: 'L',
  high: 'L',
  complex: 'L',
  huge: 'XL',
};

/** Reads `2h`, `24-28h` (its middle), `1.5 days` (of eight hours), `30 min`, `Size: M`, `3 points` (two hours each). */
export function parseEstimate(
  text: string,
  unit?: 'hours' | 'minutes' | 'days' | 'points',
): Estimate | undefined {
  const plain = text.replace(/[*_`]/gu, '').trim();
  if (unit !== undefined && /^\d+(?:\.\d+)?$/u.test(plain)) return ofUnit(Number(plain), unit);
  const range = /^(\d+(?:\.\d+)?)\s*[-–~]\s*(\d+(?:\.\d+)?)$/u.exec(plain);
  if (unit !== undefined && range !== null) return ofUnit((Number(range[1]) + Number(range[2])) / 2, unit);
  const amount = AMOUNT.exec(plain);
  if (amount !== null) return ofAmount(amount);
  const points = /\b(\d{1,3}(?:\.5)?)\s*(?:story )?(?:points?|pts?|sp)\b/iu.exec(plain);
  if (points !== null) return ofUnit(Number(points[1]), 'points');
  return ofSize(plain);
}

function ofAmount(match: RegExpExecArray): Estimate | undefined {
  const [written, low = '', high = low, unit = 'h'] = match;
  const key =
    { 分: 'm', 時間: 'h', 小时: 'h', 시간: 'h', 日: 'd', 天: 'd' }[unit] ?? unit.charAt(0).toLowerCase();
  const minutes = Math.round(((Number(low) + Number(high)) / 2) * (UNIT_MINUTES[key] ?? 60));
  return minutes > 0 ? { minutes, reason: 'given', why: `the document says ${written.trim()}` } : undefined;
}

function ofUnit(amount: number, unit: 'hours' | 'minutes' | 'days' | 'points'): Estimate | undefined {
  const factor = { hours: 60, minutes: 1, days: 480, points: 120 }[unit];
  const minutes = Math.round(amount * factor);
  if (!(minutes > 0) || minutes > 600_000) return undefined;
  if (unit === 'points') return { minutes, reason: 'points', why: `${amount} story points of two hours` };
  return { minutes, reason: 'given', why: `the document says ${amount} ${unit}` };
}

function ofSize(text: string): Estimate | undefined {
  const word = /^(?:size:?\s*)?([A-Za-z]+)\b/iu.exec(text)?.[1] ?? '';
  const size = SIZES[word.toUpperCase()] === undefined ? WORD_SIZES[word.toLowerCase()] : word.toUpperCase();
  const minutes = size === undefined ? undefined : SIZES[size];
  return minutes === undefined
    ? undefined
    : { minutes, reason: 'size', why: `size ${word} is taken as ${minutes / 60} h` };
}

/** An estimate in brackets at the end of a title: `Build the API (2h)`, `[30 min]`, `~2h`. */
export function inlineEstimate(title: string): Estimate | undefined {
  const bracket =
    /[([（](?:est(?:imate)?[.:]?\s*|effort:\s*|size:\s*)?~?\s*(\d[^()[\]（）]{0,20})[)\]）]/iu.exec(title);
  const text = bracket?.[1] ?? /(?:^|\s)~\s?(\d[\d.]*\s?(?:h|hours?|min|m|d|days?))\b/iu.exec(title)?.[1];
  if (text === undefined || !AMOUNT.test(text)) return inlineSize(title);
  return parseEstimate(text);
}

function inlineSize(title: string): Estimate | undefined {
  const size = /[([](?:size:?\s*)?(XS|S|M|L|XL)[)\]]|\bsize:\s*(XS|S|M|L|XL)\b/u.exec(title);
  return size === null ? undefined : parseEstimate(size[1] ?? size[2] ?? '');
}
