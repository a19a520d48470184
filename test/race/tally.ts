import type { RaceResult } from './race.ts';

/** What all races so far amount to. */
export interface Tally {
  acquisitions: number;
  kills: number;
  stops: number;
  clockSteps: number;
  calls: number;
}

/** Nothing yet. */
export function emptyTally(): Tally {
  return { acquisitions: 0, kills: 0, stops: 0, clockSteps: 0, calls: 0 };
}

/** Adds a race. */
export function count(tally: Tally, { history, acquisitions, kills, stops }: RaceResult): void {
  tally.acquisitions += acquisitions;
  tally.kills += kills;
  tally.stops += stops;
  tally.clockSteps += history.clockSteps;
  tally.calls += history.acts.length;
}

/** A tally as it is printed. */
export function tallyWords({ acquisitions, kills, stops, clockSteps, calls }: Tally): string {
  return `${acquisitions} acquisitions (${calls} calls checked), ${kills} kills, ${stops} stops past the TTL, ${clockSteps} clock steps`;
}
