import { join } from 'node:path';
import type { Store } from '#store';
import { renderStatus } from './render-status.ts';
import type { StatusRecord } from './status-record.ts';

const HISTORY_KEPT = 200;

/**
 * Writes `reports/status.md` and `status.json`, each replaced in one step, and keeps the markdown as
 * `parallel-status-<time>.md` when `keep` says that this state is worth it. Old history is pruned.
 */
export function writeReports(
  store: Store,
  squadDir: string,
  report: { readonly record: StatusRecord; readonly keep: boolean },
): void {
  const folder = join(squadDir, 'reports');
  const text = renderStatus(report.record);
  store.writeAtomic(join(folder, 'status.json'), `${JSON.stringify(report.record, undefined, 2)}\n`);
  store.writeAtomic(join(folder, 'status.md'), text);
  if (!report.keep) return;
  store.writeAtomic(join(folder, `parallel-status-${report.record.at.replaceAll(':', '-')}.md`), text);
  const history = store.list(folder).filter((name) => name.startsWith('parallel-status-'));
  for (const name of history.slice(0, Math.max(0, history.length - HISTORY_KEPT)))
    store.removeFile(join(folder, name));
}
