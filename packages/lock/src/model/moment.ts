/** An instant as one process saw it: both clocks, and the boot and host that give them meaning. */
export interface Moment {
  readonly wallMs: number;
  /** Milliseconds since boot, counting suspend; comparable only within one boot. */
  readonly bootMs: number;
  /** Empty where the operating system names no boot. */
  readonly boot: string;
  readonly host: string;
}

/** How far the wall clocks of two hosts may disagree before a deadline of the other counts as past. */
export const CLOCK_SKEW_MS = 30_000;

/** The moment `ms` later on the same clocks. */
export function later(moment: Moment, ms: number): Moment {
  return { ...moment, wallMs: moment.wallMs + ms, bootMs: moment.bootMs + ms };
}

/**
 * Whether a deadline has passed. Within one boot the boot clock alone counts, so steps of the wall clock and suspend
 * change nothing. After a reboot of the same host every earlier deadline is past, since no process of that boot lives.
 * Between hosts the wall clocks are compared with {@link CLOCK_SKEW_MS} in favour of the holder.
 */
export function isPast(deadline: Moment, now: Moment): boolean {
  if (deadline.host !== now.host) return now.wallMs >= deadline.wallMs + CLOCK_SKEW_MS;
  if (deadline.boot === '' || now.boot === '') return now.wallMs >= deadline.wallMs;
  return deadline.boot !== now.boot || now.bootMs >= deadline.bootMs;
}

/** Milliseconds until the deadline by the clock that decides; 0 when it is past. */
export function remainingMs(deadline: Moment, now: Moment): number {
  if (isPast(deadline, now)) return 0;
  const sameBoot = deadline.host === now.host && deadline.boot !== '' && now.boot !== '';
  return sameBoot ? deadline.bootMs - now.bootMs : deadline.wallMs - now.wallMs;
}

/** Milliseconds from one moment to another, never negative, by the best clock they share. */
export function elapsedMs(from: Moment, to: Moment): number {
  const sameBoot = from.host === to.host && from.boot === to.boot && from.boot !== '';
  return Math.max(0, sameBoot ? to.bootMs - from.bootMs : to.wallMs - from.wallMs);
}
