import { EXIT, renderDiagnostic, SquadError, type Diagnostic } from '#protocol';
import { planJson, type Plan } from '#plan';
import { findSquadHome, locateRepository, type SquadHome } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { noRepository } from '../shell/no-repository.ts';
import { findDocument, type FoundDocument } from './find-document.ts';
import type { ReadSource } from './read-source.ts';
import { renderSummary } from './summary.ts';

/** `squad-allocate`: a document becomes plans, a matrix and a report. */
export const allocateCommand: Command = {
  name: '',
  summary: 'Allocate the tasks of a document to agents',
  positionals: '[prd]',
  maxPositionals: 1,
  options: {
    agents: {
      kind: 'value',
      value: 'N',
      summary: 'this many agents; 1..9 only prints what each number would give',
    },
    roles: {
      kind: 'value',
      value: 'FILE',
      summary:
        'who there is: role names with skills (YAML); else roles in .squad/config.yaml, .claude/agents',
    },
    effort: {
      kind: 'value',
      value: 'E',
      summary: 'fast, normal or best: how long to look for a better schedule',
    },
    barriers: {
      kind: 'value',
      value: 'B',
      summary: 'strict, soft or off: whether phases wait for one another',
    },
    checkpoints: {
      kind: 'value',
      value: 'C',
      summary: 'asked, all or off: which checkpoints between phases wait for a person or a command',
    },
    format: { kind: 'value', value: 'F', summary: 'read the document as this format' },
    check: {
      kind: 'flag',
      summary: 'check the plans in .squad/, or the document given, instead of planning',
    },
    sarif: { kind: 'flag', summary: 'with --check: findings as SARIF 2.1.0' },
    github: { kind: 'flag', summary: 'with --check: findings as GitHub annotations' },
    answers: { kind: 'value', value: 'FILE', summary: 'take the corrected questions in' },
    'emit-questions': { kind: 'flag', summary: 'print what the document leaves open, to be corrected' },
    export: {
      kind: 'value',
      value: 'F',
      summary: 'write the tasks as spec-kit, task-master, ccpm, backlog, json, mermaid or csv',
    },
    out: { kind: 'value', value: 'FOLDER', summary: 'with --export: where to' },
    update: {
      kind: 'flag',
      summary: 'tick in the document what agents reported complete; no other byte changes',
    },
    replan: { kind: 'flag', summary: 'change the present plans as little as possible, and say what changes' },
    'dry-run': { kind: 'flag', summary: 'say what would be planned; write nothing' },
  },
  examples: [
    'squad-allocate',
    'squad-allocate docs/prd.md --agents 3',
    'squad-allocate .claude/epics/login',
    'cat tasks.md | squad-allocate - --dry-run',
    'squad-allocate --emit-questions > answers.yaml && squad-allocate --answers answers.yaml',
    'squad-allocate tasks.md --export mermaid',
    'squad-allocate --check',
    'squad-allocate --check specs/001-login/tasks.md --github',
  ],
  action: allocate,
};

async function allocate(call: Call): Promise<Outcome> {
  const { store, cwd } = call.io;
  requireTogether(call);
  const home = homeOf(call);
  const options = readOptions(call);
  const { roles: roster, why: rosterWhy } = await (await import('./find-roster.ts')).findRoster(call, home);
  const tracked = await trackedFiles(home);
  if (call.flag('check')) return (await import('./check.ts')).check(call, { home, tracked, roster });
  const document = findDocument({ store, cwd, home }, call.positionals[0]);
  const { makePlan } = await import('#plan');
  const read = await (await import('./read-source.ts')).readSource(call, document, { home, tracked });
  const { document: source, texts } = read;
  refuse(source.diagnostics, texts);
  const other = await instead(call, read, { home, found: document });
  if (other !== undefined) return other;
  const { squadDir } = home;
  const handoffCost = await (await import('./handoff-cost.ts')).measuredHandoffCost(store, squadDir);
  const { readBegun } = await import('./read-begun.ts');
  const plan = async (): Promise<Plan> =>
    makePlan({
      ...options,
      document: source,
      tracked,
      roster,
      begun: await readBegun(store, squadDir, call.flag('replan')),
      ...(rosterWhy === undefined ? {} : { rosterWhy }),
      ...(handoffCost === undefined ? {} : { handoffCost }),
    });
  return answer(call, { home, plan, read });
}

/** The curve or the dry run as asked; else the plans, written while no other run writes. */
async function answer(
  call: Call,
  { home, plan: decide, read }: { home: SquadHome; plan: () => Promise<Plan>; read: ReadSource },
): Promise<Outcome> {
  const range = /^(\d)\.\.(\d)$/u.exec(call.value('agents') ?? '');
  const isDry = range !== null || call.flag('dry-run');
  const work = async (): Promise<Outcome> => {
    const plan = await decide();
    refuse(plan.diagnostics, read.texts);
    if (range !== null) return curve(plan, Number(range[1]), Number(range[2]));
    const { store } = call.io;
    const { writePlan } = await import('./write-plan.ts');
    const written = isDry
      ? undefined
      : await writePlan({ store, squadDir: home.squadDir, plan, document: read.content });
    return {
      exitCode: EXIT.done,
      json: planJson(plan),
      text: renderSummary(plan, written),
      ...notices(plan),
    };
  };
  return isDry ? work() : (await import('./one-at-a-time.ts')).oneAtATime(call, home.squadDir, work);
}

/** `--agents 1..9`: what each number of agents would give. */
function curve(plan: Plan, from: number, to: number): Outcome {
  const alternatives = plan.alternatives.filter(({ agents }) => agents >= from && agents <= to);
  const row = (...cells: readonly (string | number)[]): string =>
    cells.map((cell) => String(cell).padStart(10)).join('');
  const rows = alternatives.map(({ agents, makespanMinutes, efficiency, handoffs }) =>
    row(agents, `${makespanMinutes} min`, `${efficiency} %`, handoffs),
  );
  return {
    exitCode: EXIT.done,
    json: { feature: plan.feature, recommended: plan.agents.length, why: plan.agentsWhy, alternatives },
    text: [
      row('agents', 'ends in', 'busy', 'handoffs'),
      ...rows,
      `recommended: ${plan.agents.length} (${plan.agentsWhy})`,
    ].join('\n'),
  };
}

/** What was asked for in place of a plan. */
async function instead(
  call: Call,
  source: ReadSource,
  place: { readonly home: SquadHome; readonly found: FoundDocument },
): Promise<Outcome | undefined> {
  const format = call.value('export');
  if (format === undefined && !call.flag('update') && !call.flag('emit-questions')) return undefined;
  const { emitQuestions, exportSource, updateSource } = await import('./write-back.ts');
  if (call.flag('update')) return updateSource(call, source, place);
  if (format === undefined) return emitQuestions(source);
  return exportSource(call, source, { format, squadDir: place.home.squadDir });
}

async function trackedFiles(home: SquadHome): Promise<readonly string[]> {
  if (!home.isGit) return [];
  const { listTrackedFiles } = await import('#git');
  return (await listTrackedFiles(home.worktreeRoot)).filter((path) => !path.startsWith('.squad/'));
}

/** The `.squad/` to write to; it need not exist yet. */
function homeOf({ io: { store, cwd, env } }: Call): SquadHome {
  const home = findSquadHome(store, cwd, env) ?? locateRepository(store, cwd);
  if (home !== undefined) return home;
  throw noRepository(store, cwd);
}

interface Options {
  readonly agents: number | undefined;
  readonly effort: 'fast' | 'normal' | 'best';
  readonly barriers: 'strict' | 'soft' | 'off';
  readonly checkpoints: 'asked' | 'all' | 'off';
}

function readOptions(call: Call): Options {
  const agents = call.value('agents');
  const isCurve = agents !== undefined && /^[1-9]\.\.[1-9]$/u.test(agents);
  if (agents !== undefined && !isCurve && !/^(?:[1-9]|[12]\d|30)$/u.test(agents))
    throw new SquadError({
      code: 'USAGE',
      message: `--agents takes a number from 1 to 30 or a range up to 9 as 1..9, not "${agents}"`,
      hint: 'as in: squad-allocate --agents 3',
    });
  return {
    agents: agents === undefined || isCurve ? undefined : Number(agents),
    effort: oneOf(call, 'effort', ['normal', 'fast', 'best']),
    barriers: oneOf(call, 'barriers', ['strict', 'soft', 'off']),
    checkpoints: oneOf(call, 'checkpoints', ['asked', 'all', 'off']),
  };
}

function oneOf<const T extends string>(call: Call, option: string, values: readonly [T, ...T[]]): T {
  const given = call.value(option);
  const found = given === undefined ? values[0] : values.find((value) => value === given);
  if (found !== undefined) return found;
  throw new SquadError({
    code: 'USAGE',
    message: `--${option} takes ${values.join(', ')}, not "${given}"`,
    hint: `as in: squad-allocate --${option} ${values[0]}`,
  });
}

/** Options that say something only beside another one. */
function requireTogether(call: Call): void {
  for (const [option, other] of [
    ['sarif', 'check'],
    ['github', 'check'],
    ['out', 'export'],
  ] as const) {
    const isGiven = option === 'out' ? call.value(option) !== undefined : call.flag(option);
    const isBeside = other === 'export' ? call.value(other) !== undefined : call.flag(other);
    if (isGiven && !isBeside)
      throw new SquadError({
        code: 'USAGE',
        message: `--${option} is for --${other}`,
        hint: `as in: squad-allocate --${other}${other === 'export' ? ' json' : ''} --${option}${option === 'out' ? ' FOLDER' : ''}`,
      });
  }
}

/** Errors in the document end the run before anything is written. */
function refuse(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: errors.map((diagnostic) => renderDiagnostic(diagnostic, texts.get(diagnostic.path))).join('\n'),
    hint: `correct ${[...new Set(errors.map(({ path }) => path))].join(', ')} and run squad-allocate again; nothing was written`,
    data: diagnostics,
  });
}

function notices(plan: Plan): { notice?: string } {
  const shown = plan.diagnostics.filter(({ severity }) => severity !== 'info');
  if (shown.length === 0) return {};
  const lines = shown.slice(0, 20).map((diagnostic) => renderDiagnostic(diagnostic));
  return {
    notice:
      shown.length > 20 ? `${lines.join('\n')}\n… ${shown.length - 20} more in the report` : lines.join('\n'),
  };
}
