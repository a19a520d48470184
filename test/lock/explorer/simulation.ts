import type { FileAnswer, FileStep } from '#store';
import type { Protocol, ProtocolAnswer, ProtocolStep } from '#lock/engine';
import { hashOf, mix, ModelDisk, type Hash } from './model-disk.ts';

/** What a process tells the oracle about itself. */
export interface Actor {
  readonly name: string;
  /** From now on the process acts as an exclusive holder, until `ends` on the boot clock. */
  readonly believe: (resource: string, lease: { readonly token: number; readonly endsMs: number }) => void;
  readonly forget: (resource: string) => void;
  /** Highest token anybody had been given when the process began its attempt. */
  readonly tokenFloor: () => number;
  /** A mark of the present, for {@link Actor.refusedBy}. */
  readonly mark: () => number;
  /** The release of a token has returned. */
  readonly released: (token: number) => void;
  /** An attempt that began at a mark was refused because of a token: that lease must have been there since. */
  readonly refusedBy: (token: number, since: number) => void;
  readonly fail: (message: string) => void;
}

export type Program = (actor: Actor) => Protocol<void>;

/** Changes what a step of a process does: how bugs and faults are seeded. */
export interface Meddler {
  readonly perform?: (
    step: FileStep,
    disk: ModelDisk,
    process: { readonly name: string; readonly memory: Map<string, FileAnswer> },
  ) => FileAnswer | undefined;
}

export interface Scenario {
  readonly programs: readonly Program[];
  /** Prepares the disk before the processes start. */
  readonly setUp?: Program;
  readonly ticks?: number;
  readonly tickMs?: number;
  readonly crashes?: number;
  /** How many links may succeed although the caller is told EIO. */
  readonly lostReplies?: number;
  readonly meddler?: Meddler;
  /** Checked when every process has ended. */
  readonly atEnd?: (disk: ModelDisk, crashed: readonly string[], clockMs: number) => string | undefined;
}

export type Action =
  | { readonly kind: 'step'; readonly process: number }
  | { readonly kind: 'lose'; readonly process: number }
  | { readonly kind: 'crash'; readonly process: number }
  | { readonly kind: 'tick' };

interface Running {
  readonly name: string;
  readonly protocol: Protocol<void>;
  readonly memory: Map<string, FileAnswer>;
  pending: ProtocolStep | undefined;
  crashed: boolean;
  history: Hash;
  ids: number;
}

interface Belief {
  readonly owner: string;
  readonly endsMs: number;
}

const HOST = { boot: 'boot-1', host: 'host-1' };

/** One run of a scenario, one visible step at a time. */
export class Simulation {
  readonly disk = new ModelDisk();
  violation: string | undefined;
  #scenario: Scenario;
  #processes: Running[] = [];
  #clockMs = 1000;
  #ticks: number;
  #crashes: number;
  #lost: number;
  #beliefs = new Map<string, Belief[]>();
  #tokens: number[] = [];
  #released = new Map<number, number>();
  #steps = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#ticks = scenario.ticks ?? 0;
    this.#crashes = scenario.crashes ?? 0;
    this.#lost = scenario.lostReplies ?? 0;
    if (scenario.setUp !== undefined) this.#runWhole(scenario.setUp);
    for (const [index, program] of scenario.programs.entries()) this.#start(`p${index}`, program);
    for (const process of this.#processes) this.#runPrivate(process);
  }

  /** What can happen next. */
  actions(): Action[] {
    const live = this.#processes.flatMap((process, index) =>
      process.pending !== undefined && !process.crashed ? [index] : [],
    );
    const actions: Action[] = live.map((process) => ({ kind: 'step', process }));
    if (live.length > 0 && this.#ticks > 0) actions.push({ kind: 'tick' });
    if (this.#crashes > 0) actions.push(...live.map((process): Action => ({ kind: 'crash', process })));
    if (this.#lost > 0) {
      const linking = live.filter((index) => this.#processes[index]?.pending?.kind === 'link');
      actions.push(...linking.map((process): Action => ({ kind: 'lose', process })));
    }
    return actions;
  }

  perform(action: Action): void {
    this.#steps += 1;
    if (action.kind === 'tick') {
      this.#ticks -= 1;
      this.#clockMs += this.#scenario.tickMs ?? 1000;
      return;
    }
    const process = this.#processes[action.process];
    if (process === undefined) return;
    if (action.kind === 'crash') {
      this.#crashes -= 1;
      process.crashed = true;
      for (const [resource, beliefs] of this.#beliefs)
        this.#beliefs.set(
          resource,
          beliefs.filter(({ owner }) => owner !== process.name),
        );
    } else {
      if (action.kind === 'lose') this.#lost -= 1;
      this.#advance(process, action.kind === 'lose');
      this.#runPrivate(process);
    }
    if (this.actions().every(({ kind }) => kind === 'tick') && this.violation === undefined) this.#finish();
  }

  /** Tells states apart: disk, clock, what is left of the budgets, and everything each process has seen. */
  key(): string {
    let hash: Hash = mix(this.disk.hash, [this.#clockMs, this.#ticks * 64 + this.#crashes * 8 + this.#lost]);
    for (const process of this.#processes) hash = mix(hash, process.crashed ? [7, 7] : process.history);
    return `${hash[0].toString(36)}.${hash[1].toString(36)}`;
  }

  describe(action: Action): string {
    if (action.kind === 'tick') return 'time passes';
    const process = this.#processes[action.process];
    const what =
      action.kind === 'crash' ? 'is killed before' : action.kind === 'lose' ? 'gets no reply to' : 'does';
    return `${process?.name} ${what} ${describeStep(process?.pending)}`;
  }

  #finish(): void {
    const crashed = this.#processes.filter((process) => process.crashed).map(({ name }) => name);
    this.violation = this.#scenario.atEnd?.(this.disk, crashed, this.#clockMs);
  }

  #start(name: string, program: Program): void {
    const protocol = program(this.#actor(name));
    const first = protocol.next();
    this.#processes.push({
      name,
      protocol,
      memory: new Map(),
      pending: first.done === true ? undefined : first.value,
      crashed: false,
      history: hashOf(name),
      ids: 0,
    });
  }

  #runWhole(program: Program): void {
    const protocol = program(this.#actor('setup'));
    const process: Running = {
      name: 'setup',
      protocol,
      memory: new Map(),
      pending: undefined,
      crashed: false,
      history: [0, 0],
      ids: 0,
    };
    let turn = protocol.next();
    while (turn.done !== true) turn = protocol.next(this.#answer(process, turn.value, false));
  }

  // Steps that no other process can see, or that cannot see another's, need no interleaving of their own.
  #runPrivate(process: Running): void {
    while (process.pending !== undefined && !process.crashed && isPrivate(process.pending))
      this.#advance(process, false);
  }

  #advance(process: Running, loseReply: boolean): void {
    if (process.pending === undefined) return;
    const answer = this.#answer(process, process.pending, loseReply);
    process.history = mix(process.history, hashOf(JSON.stringify(answer)));
    try {
      const turn = process.protocol.next(answer);
      process.pending = turn.done === true ? undefined : turn.value;
    } catch (error) {
      process.pending = undefined;
      this.violation ??= `${process.name} failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #answer(process: Running, step: ProtocolStep, loseReply: boolean): ProtocolAnswer {
    if (step.kind === 'now')
      return { code: '', moment: { wallMs: this.#clockMs, bootMs: this.#clockMs, ...HOST } };
    if (step.kind === 'newId') {
      process.ids += 1;
      return { code: '', id: `${process.name}-${process.ids}` };
    }
    if (step.kind === 'liveness') {
      const suspect = this.#processes[step.process.pid - 1];
      return { code: '', liveness: suspect?.crashed === true ? 'dead' : 'alive' };
    }
    // Who deletes the log ends every lease; its holders will be told when they next ask.
    if (step.kind === 'removeFolder' && step.path.endsWith('/.log')) this.#beliefs.clear();
    const answer = this.#scenario.meddler?.perform?.(step, this.disk, process) ?? this.disk.perform(step);
    return loseReply ? { code: 'EIO' } : answer;
  }

  #actor(name: string): Actor {
    return {
      name,
      believe: (resource, { token, endsMs }) => this.#believe(name, resource, { token, endsMs }),
      forget: (resource) => {
        const others = (this.#beliefs.get(resource) ?? []).filter(({ owner }) => owner !== name);
        this.#beliefs.set(resource, others);
      },
      tokenFloor: () => Math.max(0, ...this.#tokens),
      mark: () => this.#steps,
      released: (token) => void this.#released.set(token, this.#steps),
      refusedBy: (token, since) => {
        const at = this.#released.get(token);
        if (at !== undefined && at < since)
          this.violation ??= `${name} was refused because of token ${token}, long released`;
      },
      fail: (message) => {
        this.violation ??= `${name}: ${message}`;
      },
    };
  }

  #believe(owner: string, resource: string, lease: { token: number; endsMs: number }): void {
    const { token, endsMs } = lease;
    if (!Number.isSafeInteger(token) || !Number.isFinite(endsMs))
      this.violation ??= `${owner} got a malformed grant`;
    const rivals = (this.#beliefs.get(resource) ?? []).filter(
      (belief) => belief.owner !== owner && belief.endsMs > this.#clockMs,
    );
    const [rival] = rivals;
    if (rival !== undefined && endsMs > this.#clockMs)
      this.violation ??= `${owner} and ${rival.owner} both hold ${resource}`;
    this.#tokens.push(token);
    this.#beliefs.set(resource, [...rivals, { owner, endsMs }]);
  }
}

function isPrivate(step: ProtocolStep): boolean {
  // Reading a clock or judging a process commutes with every step of the others but a tick or a crash, and a tick or
  // crash just before the step that came before is explored anyway.
  if (step.kind === 'newId' || step.kind === 'now' || step.kind === 'liveness') return true;
  // Listings for tidying up decide nothing that another process could see.
  if (step.kind === 'list') return !/\/\.log(?:\/e\d+)?$/u.test(step.path);
  if (step.kind === 'makeFolder') return true;
  if (step.kind === 'read') return false;
  // What is added to a page is seen under every slot that the page was linked to.
  if (step.kind === 'link' || step.kind === 'rename' || step.kind === 'append') return false;
  return /\/(?:tmp|\.new-[^/]*)\//u.test(step.path);
}

function describeStep(step: ProtocolStep | undefined): string {
  if (step === undefined) return 'nothing';
  if (step.kind === 'link' || step.kind === 'rename') return `${step.kind} ${step.from} -> ${step.to}`;
  return 'path' in step ? `${step.kind} ${step.path}` : step.kind;
}
