import { join } from 'node:path';
import { isSameAgent } from '#comms';
import { parseFrontMatter, renderFrontMatter } from '#markdown';
import { planHeaderSchema, type PlanHeader, type PlanTask } from '#protocol';
import type { Store } from '#store';

/** One more task for an agent. */
export interface Addition {
  readonly agent: string;
  readonly task: PlanTask;
  /** Markdown that says where it came from, put at the end of the plan. */
  readonly section: string;
}

/**
 * Adds a task to its agent's plan, in the header and as a section of the body, and says whether it did: not when there is no such
 * plan, nor when the plan holds a task of that id; it then stays as it is, byte for byte.
 */
export function addToPlan(store: Store, squadDir: string, { agent, task, section }: Addition): boolean {
  const target = readPlans(store, squadDir).find(({ header }) => isSameAgent(header.agent, agent));
  if (target === undefined || target.header.tasks.some(({ id }) => id === task.id)) return false;
  const header = { ...target.header, tasks: [...target.header.tasks, task] };
  store.writeAtomic(
    target.path,
    renderFrontMatter({ ...header }, `${target.body.trimEnd()}\n\n${section}\n`),
  );
  return true;
}

/** The task of this id as a plan has it. */
export function findPlanned(store: Store, squadDir: string, id: string): PlanTask | undefined {
  return readPlans(store, squadDir)
    .flatMap(({ header }) => header.tasks)
    .find((task) => task.id === id);
}

interface Plan {
  readonly path: string;
  readonly body: string;
  readonly header: PlanHeader;
}

function readPlans(store: Store, squadDir: string): readonly Plan[] {
  const folder = join(squadDir, 'parallel-plans');
  const names = store.list(folder).filter((name) => name.endsWith('-plan.md'));
  return names.flatMap((name) => {
    const path = join(folder, name);
    const parsed = parseFrontMatter(store.readText(path) ?? '', name);
    const header = parsed.ok ? planHeaderSchema.decode(parsed.value.data) : undefined;
    return parsed.ok && header?.ok === true ? [{ path, body: parsed.value.body, header: header.value }] : [];
  });
}
