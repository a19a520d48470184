import { join } from 'node:path';
import { err, planHeaderSchema, type CommBlock, type PlanHeader, type PlanTask } from '#protocol';
import { readTwin, type Store } from '#store';

/**
 * The plan of an agent, by its header; `undefined` when it has none that can be read. Reads the compiled twin, which
 * is made anew whenever the plan's bytes differ from those it was made of.
 */
export async function readAgentPlan(
  store: Store,
  squadDir: string,
  agent: string,
): Promise<PlanHeader | undefined> {
  const folder = join(squadDir, 'parallel-plans');
  const names = store.list(folder).filter((name) => name.endsWith('.md'));
  const prefix = /^agent-\d+/u.exec(agent)?.[0];
  const likely = prefix === undefined ? undefined : `${prefix}-plan.md`;
  for (const name of names.toSorted((a, b) => Number(b === likely) - Number(a === likely))) {
    const plan = await readPlan(store, squadDir, name);
    if (plan?.agent === agent) return plan;
  }
  return undefined;
}

async function readPlan(store: Store, squadDir: string, name: string): Promise<PlanHeader | undefined> {
  const source = join(squadDir, 'parallel-plans', name);
  const twin = join(squadDir, '.run', 'plans', `${name}.json`);
  const plan = await readTwin<PlanHeader | null>(store, {
    source,
    twin,
    decode: (value) => (value === null ? { ok: true, value } : planHeaderSchema.decode(value)),
    compile: (text) => compile(text, source),
  });
  return plan ?? undefined;
}

// A plan that cannot be read is `squad-allocate --check`'s matter; here it is simply no help.
async function compile(text: string, path: string): Promise<PlanHeader | null> {
  const { parseFrontMatter } = await import('#markdown');
  const parsed = parseFrontMatter(text, path);
  const decoded = parsed.ok ? planHeaderSchema.decode(parsed.value.data) : err([]);
  return decoded.ok ? decoded.value : null;
}

/** Tasks of the plan that no completion report names, in the plan's order. */
export function openTasks(plan: PlanHeader, blocks: readonly CommBlock[]): readonly PlanTask[] {
  const done = finishedIds(blocks);
  return plan.tasks.filter(({ id }) => !done.has(id));
}

/** Open tasks whose dependencies are all finished. */
export function readyTasks(plan: PlanHeader, blocks: readonly CommBlock[]): readonly PlanTask[] {
  const done = finishedIds(blocks);
  return openTasks(plan, blocks).filter(({ depends_on }) => depends_on.every((id) => done.has(id)));
}

function finishedIds(blocks: readonly CommBlock[]): ReadonlySet<string> {
  return new Set(blocks.flatMap((block) => (block.kind === 'completion' ? (block.taskId ?? []) : [])));
}
