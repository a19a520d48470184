import { join, sep } from 'node:path';
import { consistsOf, isDigit } from '#protocol';

/** Where the parts of a lock log lie. */
export interface LogPlace {
  /** `.squad/locks`: the views for people. */
  readonly views: string;
  /** `.squad/locks/.log`: what decides. */
  readonly log: string;
  readonly archive: string;
  /** Unfinished files. */
  readonly temporary: string;
  /** Files that are touched to wake a waiter. */
  readonly wake: string;
  /** Marks of views that were shown, so that one removed by hand can be told from one not yet written. */
  readonly shown: string;
  /** Marks of views that a process is about to remove. */
  readonly removing: string;
  /** How many records an epoch takes before it is sealed. */
  readonly epochSize: number;
}

/** Records per epoch: what a cold start replays at most, against how often the whole state is written. */
export const EPOCH_SIZE = 32;

/** The places below a `.squad/` folder. */
export function placeOf(squadDir: string, epochSize: number = EPOCH_SIZE): LogPlace {
  const views = join(squadDir, 'locks');
  const log = join(views, '.log');
  return {
    views,
    log,
    archive: join(log, 'archive'),
    temporary: join(log, 'tmp'),
    wake: join(log, 'wake'),
    shown: join(log, 'shown'),
    removing: join(log, 'removing'),
    epochSize,
  };
}

/** `e000007`. */
export function epochName(epoch: number): string {
  return `e${String(epoch).padStart(6, '0')}`;
}

/** Number of an epoch's folder, or `undefined` for other names. */
export function epochOf(name: string): number | undefined {
  const number = name.slice(1);
  return name.startsWith('e') && number.length >= 6 && consistsOf(number, isDigit)
    ? Number(number)
    : undefined;
}

/** `00000012`; slot 0 is the base. */
export function slotName(slot: number): string {
  return String(slot).padStart(8, '0');
}

/** Number of a slot's name; 0 for other names. */
export function slotOf(name: string): number {
  return name.length >= 8 && consistsOf(name, isDigit) ? Number(name) : 0;
}

/** Path of a slot. */
export function slotPath(place: LogPlace, epoch: number, slot: number): string {
  // Not `join`: this is asked for at every step, and nothing here needs to be normalised.
  return `${epochPath(place, epoch)}${sep}${slotName(slot)}`;
}

/** Path of an epoch's folder. */
export function epochPath(place: LogPlace, epoch: number): string {
  return `${place.log}${sep}${epochName(epoch)}`;
}

/**
 * The record of a slot in the text of its file. A process writes its records into one file, a line each that begins with
 * the slot it was meant for, and gives that file the name of each slot it wins: so a record costs no new file.
 */
export function recordIn(text: string, epoch: number, slot: number): string {
  const line = recordLine(text, epoch, slot);
  return line === undefined ? '' : text.slice(line.begin, line.end);
}

/** Where the record of a slot begins and ends in the text of its file, its line feed included. */
export function recordLine(
  text: string,
  epoch: number,
  slot: number,
): { readonly begin: number; readonly end: number } | undefined {
  const label = slotLabel(epoch, slot);
  const start = text.lastIndexOf(`\n${label}`) + 1;
  if (start === 0 && !text.startsWith(label)) return undefined;
  const end = text.indexOf('\n', start);
  return { begin: start + label.length, end: end === -1 ? text.length : end + 1 };
}

/** What the line of a slot's record begins with. */
export function slotLabel(epoch: number, slot: number): string {
  return `${epoch}/${slot} `;
}
