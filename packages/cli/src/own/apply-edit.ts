import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '#git';
import type { Store } from '#store';

/**
 * Applies to a text what turned `from` into `to`, by git's three-way merge of lines; `undefined` when the text differs
 * from `from` in the same lines.
 */
export async function applyEdit(
  store: Store,
  edit: { readonly text: string; readonly from: string; readonly to: string },
): Promise<string | undefined> {
  if (edit.text === edit.from) return edit.to;
  const folder = join(tmpdir(), `squad-own-${process.pid}-${process.hrtime.bigint().toString(36)}`);
  try {
    for (const name of ['text', 'from', 'to'] as const) store.writeAtomic(join(folder, name), edit[name]);
    const merged = await runGit(['merge-file', '-p', '--quiet', 'text', 'from', 'to'], { cwd: folder });
    return merged.code === 0 ? merged.stdout : undefined;
  } finally {
    store.removeFolder(folder);
  }
}
