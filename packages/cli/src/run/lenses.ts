import { nearest, SquadError } from '#protocol';
import { EXPLORE_LENSES, REVIEW_LENSES, runLenses, type Lens } from '#runner';
import { buildTaskGraph } from '#tasks';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { FINDINGS_OPTIONS, reportFindings } from './findings-report.ts';
import { watchInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';
import { clientName, readRunOptions, words } from './run-options.ts';
import { SETTING_OPTIONS } from './settings.ts';

interface LensSpec {
  readonly name: 'review' | 'explore';
  readonly summary: string;
  readonly lenses: readonly Lens[];
  readonly examples: readonly string[];
}

const SPECS: readonly LensSpec[] = [
  {
    name: 'review',
    summary:
      'Agents look through one lens each (security, performance, style …), reading only; one merged report, SARIF and markdown.',
    lenses: REVIEW_LENSES,
    examples: [
      'squad-run review --with claude --since main',
      'squad-run review src/api --with claude --lens security,testing --fail-on warning',
    ],
  },
  {
    name: 'explore',
    summary:
      'A first look at a repository: architecture, dependencies, patterns, complexity, one agent each.',
    lenses: EXPLORE_LENSES,
    examples: ['squad-run explore --with claude'],
  },
];

/** `squad-run review` and `squad-run explore`. */
export const lensCommands: readonly Command[] = SPECS.map((spec): Command => ({
  name: spec.name,
  summary: spec.summary,
  positionals: '[path…]',
  options: {
    ...SETTING_OPTIONS,
    ...FINDINGS_OPTIONS,
    with: {
      kind: 'value',
      value: 'CLIENT',
      summary: "claude, codex, gemini, opencode, or 'my-agent {prompt}'",
    },
    lens: {
      kind: 'list',
      value: 'NAMES',
      summary: `of: ${spec.lenses.map(({ name }) => name).join(', ')} (default: all)`,
    },
    since: {
      kind: 'value',
      value: 'COMMIT',
      summary: 'look only at what changed since this branch or commit',
    },
    model: { kind: 'value', value: 'NAME', summary: 'as the client names it' },
  },
  examples: spec.examples,
  action: (call) => look(call, spec),
}));

async function look(call: Call, spec: LensSpec): Promise<Outcome> {
  clientName(call);
  const lenses = chosenLenses(call, spec);
  const interrupts = watchInterrupts(call.io);
  const progress = createProgress(call, lenses.length);
  try {
    const since = call.value('since');
    const report = await runLenses({
      ...(await readRunOptions(call, buildTaskGraph([]).graph, 'lens')),
      ...interrupts,
      kind: spec.name,
      lenses,
      paths: call.positionals,
      ...(since !== undefined && { since }),
      onChange: progress.note,
      onEvent: progress.event,
    });
    return reportFindings(call, spec.name, {
      ...report,
      run: report.id,
      title: spec.name === 'review' ? 'Review' : 'Exploration',
    });
  } finally {
    interrupts.dismiss();
    progress.end();
  }
}

function chosenLenses(call: Call, { lenses }: LensSpec): readonly Lens[] {
  const names = lenses.map(({ name }) => name);
  const asked = words(call, 'lens');
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, names);
    throw new SquadError({
      code: 'USAGE',
      message: `there is no lens "${unknown}"`,
      hint: near === undefined ? `there are: ${names.join(', ')}` : `did you mean ${near}?`,
    });
  }
  return asked.length === 0 ? lenses : lenses.filter(({ name }) => asked.includes(name));
}
