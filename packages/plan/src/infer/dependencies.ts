import type { Dependency, SourceTask } from '../model.ts';
import { commonWords, wordsOf } from '../read/word-match.ts';

/** Adds the dependencies that the text implies: types and contracts first, order words, a consumer after what it consumes. */
export function inferDependencies(
  tasks: readonly SourceTask[],
  { isList = false }: { readonly isList?: boolean } = {},
): readonly SourceTask[] {
  const order = new ImpliedOrder(tasks, isList ? aroundCheckpoints(tasks) : new Map());
  return tasks.map((task, index) => {
    const implied = task.status === 'done' || task.isOrderKnown === true ? [] : order.before(index);
    const known = new Set(task.dependencies.map(({ id }) => id));
    const added = implied.filter(({ id }) => id !== task.id && !known.has(id));
    return added.length === 0 ? task : { ...task, dependencies: [...task.dependencies, ...added] };
  });
}

const CONSUMES =
  /^(?:\W*)(?:add|integrate|wire|connect|enable|hook up|hook|display|show|use|consume|link|stream|sync|plug|bind|expose)\b/iu;
const TRANSPORT =
  /\b(?:web ?sockets?|real-?time|live (?:data|updates?)|streaming|push notifications?|sse|server-sent)\b/iu;
const PRODUCES =
  /^(?:\W*)(?:create|build|implement|develop|design|define|set ?up|scaffold|generate|write|make|introduce|establish)\b/iu;
const SERVES = /\b(?:api|apis|server|backend|endpoints?|rest|graphql)\b/iu;
const SHOWS = /\b(?:dashboard|ui|frontend|page|view|component|screen|client|app)\b/iu;
const CONTRACT =
  /\b(?:shared types?|type definitions?|typescript types|shared interfaces?|api contracts?|contracts?|openapi|protobuf|proto(?:col)? (?:definitions?|files?)|shared schemas?|common types?)\b/iu;
const THEN = /^(?:\W*)(?:then|afterwards|finally|lastly|next|once (?:that|this) is done|after that)\b[,:]?/iu;

class ImpliedOrder {
  private readonly tasks: readonly SourceTask[];
  private readonly around: ReadonlyMap<number, readonly Dependency[]>;
  private readonly contracts: readonly number[];
  private readonly producers: readonly { readonly index: number; readonly words: ReadonlySet<string> }[];

  constructor(tasks: readonly SourceTask[], around: ReadonlyMap<number, readonly Dependency[]>) {
    this.tasks = tasks;
    this.around = around;
    const isOpen = (task: SourceTask): boolean => task.kind === 'task' && PRODUCES.test(task.title);
    this.contracts = tasks
      .flatMap((task, index) => (isOpen(task) && CONTRACT.test(task.title) ? [index] : []))
      .slice(0, 8);
    this.producers = tasks
      .flatMap((task, index) => (isOpen(task) ? [{ index, words: wordsOf(task.title) }] : []))
      .slice(0, MAX_PRODUCERS);
  }

  before(index: number): readonly Dependency[] {
    const task = this.tasks[index];
    const around = this.around.get(index) ?? [];
    if (task === undefined || task.kind === 'checkpoint') return [...around];
    return [
      ...around,
      ...this.order(index, task),
      ...this.typesFirst(index, task),
      ...this.consumed(index, task),
    ];
  }

  private order(index: number, task: SourceTask): Dependency[] {
    const previous = this.tasks[index - 1];
    if (previous === undefined || !THEN.test(task.title)) return [];
    return [
      {
        id: previous.id,
        reason: 'order',
        why: `"${THEN.exec(task.title)?.[0].trim() ?? 'then'}" puts it after the task before it`,
      },
    ];
  }

  /** Work in code waits for the shared types and contracts that an earlier task without other users makes. */
  private typesFirst(index: number, task: SourceTask): Dependency[] {
    if (this.contracts.includes(index) || task.kind !== 'task' || this.tasks.length > MAX_PRODUCERS)
      return [];
    return this.contracts
      .filter((contract) => contract < index)
      .flatMap((contract) => this.edge(contract, 'types-first', 'shared types and contracts come first'));
  }

  /** "Add WebSocket updates" waits for the API it speaks to and the dashboard it updates. */
  private consumed(index: number, task: SourceTask): Dependency[] {
    if (!CONSUMES.test(task.title) || this.tasks.length > MAX_PRODUCERS) return [];
    const words = wordsOf(task.title);
    const isTransport = TRANSPORT.test(task.title);
    const found: Dependency[] = [];
    for (const producer of this.producers) {
      if (producer.index >= index) break;
      const title = this.tasks[producer.index]?.title ?? '';
      const shared = commonWords(words, producer.words);
      if (isTransport && (SERVES.test(title) || SHOWS.test(title)))
        found.push(
          ...this.edge(producer.index, 'producer', `updates travel between "${title}" and their readers`),
        );
      else if (shared > 0 && shared >= Math.min(words.size, producer.words.size) / 2)
        found.push(...this.edge(producer.index, 'producer', `"${title}" makes what this task uses`));
    }
    return found.slice(0, MAX_EDGES);
  }

  private edge(index: number, reason: Dependency['reason'], why: string): Dependency[] {
    const task = this.tasks[index];
    return task === undefined ? [] : [{ id: task.id, reason, why }];
  }
}

// Guesses are for documents a person writes; beyond these numbers they would only add noise and time.
const MAX_PRODUCERS = 500;
const MAX_EDGES = 6;

/** A checkpoint in a list comes after what stands above it, up to the one before, and before what stands below it. */
function aroundCheckpoints(tasks: readonly SourceTask[]): ReadonlyMap<number, readonly Dependency[]> {
  const around = new Map<number, readonly Dependency[]>();
  let [last, since] = [undefined as SourceTask | undefined, [] as SourceTask[]];
  for (const [index, task] of tasks.entries()) {
    if (task.source !== tasks[index - 1]?.source) [last, since] = [undefined, []];
    const isCheckpoint = task.kind === 'checkpoint';
    const before = isCheckpoint && since.length > 0 ? since : last === undefined ? [] : [last];
    const why = isCheckpoint
      ? 'a checkpoint follows what stands above it'
      : 'it stands below this checkpoint';
    around.set(
      index,
      before.map(({ id }) => ({ id, reason: 'order' as const, why })),
    );
    if (isCheckpoint) [last, since] = [task, []];
    else since.push(task);
  }
  return around;
}
