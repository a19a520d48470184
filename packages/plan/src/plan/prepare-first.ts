import { buildProblem } from '../allocate/build-problem.ts';
import { listAt } from '../schedule/lists.ts';
import { preparableKind } from '../work/prepared-file.ts';
import type { WorkItem } from '../work/work-item.ts';
import { costOf } from './agent-count.ts';
import { playFreely, type FormMinutes } from './form-minutes.ts';
import type { Draft } from './make-plan.ts';
import { preparedId, type Prepared } from './prepared.ts';

/** A file that is prepared, and when everything would end in the other forms; absent where an earlier plan decided. */
export interface PreparedChoice {
  readonly file: Prepared;
  readonly instead?: FormMinutes;
}

const MOST_TASKS = 500;
const MOST_TRIED = 3;
// A task more must pay: nobody gave an estimate for it, and where most estimates are guesses it must pay twice.
const WORTH_PERCENT = 10;

/** The plan with a task for each shared file whose writers wait for one another dearly; the plan as it is where none pays. */
export function prepareFirst(base: Draft, decide: (prepared: readonly Prepared[]) => Draft): Draft {
  if (base.items.length > MOST_TASKS || base.input.agents === 1) return base;
  let best = base;
  for (const file of preparableFiles(base)
    .filter((each) => isDear(base, each))
    .slice(0, MOST_TRIED)) {
    const found = decide([...best.prepared.map((each) => each.file), file]);
    if (isWorth(found, best))
      best = { ...found, prepared: [...best.prepared, { file, instead: insteadOf(base, file, found) }] };
  }
  return best;
}

/**
 * With the best effort one more agent never makes a plan longer: what pays for fewer agents is tried for these too, even
 * where it saves them too little to be worth a task.
 */
export function asShortAsFewer(
  found: Draft,
  {
    base,
    fewer,
    decide,
  }: {
    readonly base: Draft;
    /** The plan for a smaller number of agents. */
    readonly fewer: (agents: number) => Draft;
    readonly decide: (prepared: readonly Prepared[]) => Draft;
  },
): Draft {
  const most = base.input.agents ?? 0;
  if (base.input.effort !== 'best' || preparableFiles(base).length === 0) return found;
  let best = found;
  for (let agents = 1; agents < most; agents += 1) {
    const other = fewer(agents);
    if (other.allocated.makespan >= best.allocated.makespan) continue;
    const files = other.prepared.map(({ file }) => file);
    const again = decide(files);
    best = { ...again, prepared: files.map((file) => ({ file, instead: insteadOf(base, file, again) })) };
  }
  return best;
}

/** Files of types, contracts or dependencies that tasks write beside other files, so that this part of them can go first. */
export function preparableFiles({ items, files, built, input }: Draft): readonly Prepared[] {
  const ids = new Set(input.document.tasks.map(({ id }) => id));
  return files.paths.flatMap((path, file): Prepared[] => {
    const writers = [...listAt(built.problem.writers, file)].flatMap((task) => items[task] ?? []);
    const isOurs = preparableKind(path) !== undefined && !ids.has(preparedId(path));
    return isOurs && writers.length > 1 && writers.every((item) => isApart(item, path))
      ? [{ path, writers: writers.map(({ id }) => id) }]
      : [];
  });
}

/** True where the file is stated, as a whole, and only a part of what the task writes. */
function isApart({ writes, source }: WorkItem, path: string): boolean {
  const own = writes.find((file) => file.path === path);
  const others = writes.filter((file) => file.path !== path && file.rung <= 5);
  return (
    source.status === 'todo' &&
    own !== undefined &&
    own.rung <= 2 &&
    own.symbols === undefined &&
    others.length > 0
  );
}

/** True where writing one after the other could make the whole longer by what the task would have to save. */
function isDear({ items, allocated }: Draft, { writers }: Prepared): boolean {
  const minutes = items.filter(({ id }) => writers.includes(id)).map((item) => item.minutes);
  const inTurn = minutes.reduce((sum, each) => sum + each, 0) - Math.max(...minutes);
  return inTurn * 100 >= allocated.makespan * WORTH_PERCENT;
}

function isWorth(found: Draft, best: Draft): boolean {
  const cost = ({ allocated, built, items, input }: Draft): number =>
    costOf(allocated, built.problem, { taskCount: items.length, handoffCost: input.handoffCost });
  const guesses = best.items.filter(({ isEstimated }) => !isEstimated).length;
  const percent = guesses * 2 > best.items.length ? 2 * WORTH_PERCENT : WORTH_PERCENT;
  return cost(found) * 100 <= cost(best) * (100 - percent);
}

/** The other forms, with as many agents as the plan has now. */
function insteadOf(base: Draft, { path, writers }: Prepared, found: Draft): FormMinutes {
  const agentCount = found.built.problem.agentCount;
  const { problem } = buildProblem({ items: base.items, graph: base.graph, files: base.files, agentCount });
  const tasks = base.items.flatMap(({ id }, task) => (writers.includes(id) ? [task] : []));
  return {
    ...playFreely({ ...base, problem, file: base.files.paths.indexOf(path), tasks }),
    sharedFirst: found.allocated.makespan,
  };
}
