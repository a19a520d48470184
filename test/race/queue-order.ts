import type { History, Taken } from './act.ts';

/**
 * Takes that were served before one that was in the queue for the same single thing before they asked. Meant for races
 * in which nobody is stopped and no ticket lapses: there it must be empty.
 */
export function overtakingIn(history: History): readonly string[] {
  const byResource = new Map<string, Taken[]>();
  for (const act of history.acts) {
    if (act.kind !== 'taken' || act.wants.length !== 1) continue;
    const resource = act.wants[0]?.resource ?? '';
    const takes = byResource.get(resource);
    if (takes === undefined) byResource.set(resource, [act]);
    else takes.push(act);
  }
  return [...byResource.values()].flatMap((takes) => {
    const found: string[] = [];
    let waitsLongest: Taken | undefined;
    for (const take of takes.toSorted((a, b) => tokenOf(b) - tokenOf(a))) {
      if (waitsLongest?.queuedAt !== undefined && waitsLongest.queuedAt < take.from)
        found.push(`${take.id} was served before ${waitsLongest.id}`);
      const isEarlier = (take.queuedAt ?? Infinity) < (waitsLongest?.queuedAt ?? Infinity);
      if (isEarlier) waitsLongest = take;
    }
    return found;
  });
}

/** How long takes that waited had to wait, in milliseconds, shortest first. */
export function waitsOf(history: History): readonly number[] {
  const waits = history.acts.flatMap((act) =>
    act.kind === 'taken' && act.queuedAt !== undefined ? [(act.to - act.from) / 1000] : [],
  );
  return waits.sort((a, b) => a - b);
}

function tokenOf(take: Taken): number {
  return take.leases[0]?.token ?? 0;
}
