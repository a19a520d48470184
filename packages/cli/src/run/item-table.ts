import { printableLine, renderDuration } from '#protocol';
import { renderUsd, type ItemRecord } from '#runner';
import { alignColumns } from '../shell/table.ts';

/** One line per item: state, tries, time, cost, why, and the log of those that failed. */
export function renderItems(items: readonly ItemRecord[]): string {
  const rows = items.map((item) => {
    const last = item.attempts.at(-1);
    const cost = item.attempts.reduce((sum, one) => sum + (one.costUsd ?? 0), 0);
    return [
      item.state,
      printableLine(item.key, 60),
      item.attempts.length === 0 ? '-' : `${item.attempts.length}×`,
      last?.durationMs === undefined ? '-' : renderDuration(last.durationMs),
      cost === 0 ? '-' : renderUsd(cost),
      item.state === 'done' ? '' : printableLine(item.reason ?? '', 120),
    ];
  });
  const logs = items.flatMap(({ state, log }) =>
    state === 'failed' && log !== undefined ? [`  log: ${log}`] : [],
  );
  return [...alignColumns(rows), ...logs].join('\n');
}

/** `2 done, 1 failed, 4 pending`, the states that occur. */
export function renderCounts(items: readonly ItemRecord[]): string {
  const states = ['done', 'failed', 'running', 'pending', 'skipped'] as const;
  const counts = states.map((state) => [items.filter((item) => item.state === state).length, state] as const);
  const present = counts.filter(([count]) => count > 0).map(([count, state]) => `${count} ${state}`);
  return present.length === 0 ? 'nothing to do' : present.join(', ');
}
