import type { SourceDocument, SourceTask } from '../model.ts';

/** How well a document supports parallel work, and what would help. */
export interface InputQuality {
  /** 0 to 100: the share of open tasks with stated files, order, estimate and area, files counting most. */
  readonly score: number;
  /** How many agents such a document can keep apart; `undefined` where it sets no limit. */
  readonly maxAgents: number | undefined;
  readonly advice: readonly string[];
}

const WEIGHTS = { files: 50, placed: 20, order: 15, estimates: 15 } as const;

/** Scores a document after inference; below 50 points it supports two agents, below 25 one. */
export function inputQuality(document: SourceDocument): InputQuality {
  const open = document.tasks.filter(
    ({ status, kind }) => kind === 'task' && (status === 'todo' || status === 'doing'),
  );
  if (open.length === 0) return { score: 100, maxAgents: undefined, advice: [] };
  const share = (has: (task: SourceTask) => boolean): number => open.filter(has).length / open.length;
  const files = share((task) => task.writes.some(({ rung }) => rung <= 3));
  const placed = share((task) => task.writes.length > 0);
  const order =
    document.stages.length > 1
      ? 1
      : share((task) => task.dependencies.some(({ reason }) => STATED.has(reason))) > 0
        ? 1
        : 0;
  const estimates = share((task) => task.estimate !== undefined && task.estimate.reason !== 'default');
  const score = Math.round(
    WEIGHTS.files * files + WEIGHTS.placed * placed + WEIGHTS.order * order + WEIGHTS.estimates * estimates,
  );
  return { score, maxAgents: limitOf(placed, files), advice: adviceFor(open, { files, order, estimates }) };
}

const STATED: ReadonlySet<string> = new Set(['field', 'line', 'section', 'wave', 'group']);

/** Tasks whose files nobody knows may write anywhere, so they must not run beside others. */
function limitOf(placed: number, files: number): number | undefined {
  if (placed < 0.25) return 1;
  return placed < 0.5 && files < 0.25 ? 2 : undefined;
}

interface Shares {
  readonly files: number;
  readonly order: number;
  readonly estimates: number;
}

function adviceFor(open: readonly SourceTask[], { files, order, estimates }: Shares): string[] {
  const bare = open.filter((task) => !task.writes.some(({ rung }) => rung <= 3));
  const names = bare.slice(0, 5).map(({ id }) => id);
  const more = bare.length > names.length ? ` and ${bare.length - names.length} more` : '';
  return [
    ...(files < 1 ? [`name the files of ${names.join(', ')}${more}: "Files: \`src/…\`" below the task`] : []),
    ...(order === 0 && open.length > 2
      ? ['say which tasks wait for others: "(depends on T-01)" or phases']
      : []),
    ...(estimates === 0 ? ['give estimates, "(2h)": without any, all tasks count the same'] : []),
  ];
}
