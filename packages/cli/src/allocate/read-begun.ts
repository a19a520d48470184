import { join } from 'node:path';
import { readComms } from '#comms';
import { readPlanFile, type Begun, type TaskProgress } from '#plan';
import { renderDiagnostic, SquadError, type CommBlock, type Diagnostic } from '#protocol';
import type { Store } from '#store';

/** The plans that are there, and how far their tasks have come by what their agents posted. */
export async function readBegun(store: Store, squadDir: string, isReplan: boolean): Promise<Begun> {
  const folder = join(squadDir, 'parallel-plans');
  const unread: Unread[] = [];
  const previous = store
    .list(folder)
    .filter((name) => /^agent-\d+-plan\.md$/u.test(name))
    .flatMap((name) => {
      const path = `.squad/parallel-plans/${name}`;
      const text = store.readText(join(folder, name)) ?? '';
      const reading = readPlanFile({ path, text });
      if (reading.ok) return [reading.value.header];
      unread.push(...reading.error.map((error) => ({ error, text })));
      return [];
    })
    .toSorted((a, b) => numberOf(a.agent) - numberOf(b.agent));
  const progress = foldProgress(readComms(store, squadDir).blocks);
  const isNewer = unread.some(({ error }) => error.code === 'FORMAT_VERSION_UNSUPPORTED');
  if (isNewer || (unread.length > 0 && (isReplan || progress.size > 0))) throw unreadable(unread);
  return { previous, progress, isReplan };
}

interface Unread {
  readonly error: Diagnostic;
  readonly text: string;
}

/** Work that began under plans that cannot be read would be lost from sight. */
function unreadable(unread: readonly Unread[]): SquadError {
  const isNewer = unread.some(({ error }) => error.code === 'FORMAT_VERSION_UNSUPPORTED');
  return new SquadError({
    code: 'INPUT_INVALID',
    message: unread.map(({ error, text }) => renderDiagnostic(error, text)).join('\n'),
    hint: `${isNewer ? 'use the dotsquad that wrote them' : 'correct the plans (squad-allocate --check says where)'}, or begin anew: mv .squad/parallel-plans .squad/parallel-plans.old`,
    data: unread.map(({ error }) => error),
  });
}

function numberOf(agent: string): number {
  return Number(/^agent-(\d+)/u.exec(agent)?.[1] ?? 0);
}

/** Done is what a completion report names; running is what an agent last said it works on and has not completed. */
export function foldProgress(blocks: readonly CommBlock[]): ReadonlyMap<string, TaskProgress> {
  const running = new Map<string, string>();
  const progress = new Map<string, TaskProgress>();
  for (const block of blocks) {
    if (block.kind === 'completion' && block.taskId !== undefined) {
      progress.set(block.taskId, { state: 'done', agent: block.author });
    }
    if (block.kind === 'status' && block.taskId !== undefined) {
      if (block.status === 'READY' || block.status === 'COMPLETE') running.delete(block.author);
      else running.set(block.author, block.taskId);
    }
  }
  for (const [agent, id] of running) if (!progress.has(id)) progress.set(id, { state: 'running', agent });
  return progress;
}
