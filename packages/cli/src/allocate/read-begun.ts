import { join } from 'node:path';
import { readComms } from '#comms';
import { readPlanFile, type Begun, type TaskProgress } from '#plan';
import type { CommBlock } from '#protocol';
import type { Store } from '#store';

/** The plans that are there, and how far their tasks have come by what their agents posted. */
export async function readBegun(store: Store, squadDir: string, isReplan: boolean): Promise<Begun> {
  const folder = join(squadDir, 'parallel-plans');
  const previous = store
    .list(folder)
    .filter((name) => /^agent-\d+-plan\.md$/u.test(name))
    .map((name) =>
      readPlanFile({ path: `.squad/parallel-plans/${name}`, text: store.readText(join(folder, name)) ?? '' }),
    )
    .flatMap((reading) => (reading.ok ? [reading.value.header] : []))
    .toSorted((a, b) => numberOf(a.agent) - numberOf(b.agent));
  return { previous, progress: foldProgress(readComms(store, squadDir).blocks), isReplan };
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
