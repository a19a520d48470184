import { buildTaskGraph, TASK_DEFAULTS, type Task, type TaskGraph } from '#tasks';
import { readPromptTemplate } from '../plans/prompt-template.ts';
import { openRunHome } from '../plans/run-home.ts';
import type { RunOptions } from '../plans/run-options.ts';
import { openBook, runPlans } from '../plans/run-plans.ts';
import { mergeFindings, parseFindings, type Finding } from './finding.ts';
import type { LensVerdict } from './render-findings.ts';
import { openRunBook } from '../record/run-book.ts';

/** A way to look at a repository. */
export interface Lens {
  readonly name: string;
  /** What is asked of the agent. */
  readonly question: string;
}

/** Lenses for reviews. */
export const REVIEW_LENSES: readonly Lens[] = [
  {
    name: 'security',
    question:
      'Where can input, files, secrets or permissions be abused? Injection, traversal, missing checks, leaked data, unsafe defaults.',
  },
  {
    name: 'performance',
    question:
      'What grows faster than it must with input, users or files? Repeated work, blocking calls, unbounded memory, chatty I/O.',
  },
  {
    name: 'style',
    question:
      'Where does the code depart from the conventions of this very repository (its linters, its neighbouring files), or mislead by its names?',
  },
  {
    name: 'architecture',
    question:
      'Which dependencies point the wrong way, which responsibilities are mixed or doubled, what will be hard to change?',
  },
  {
    name: 'testing',
    question:
      'Which behaviour has no test that would fail if it broke? Which tests prove nothing, or depend on time, order or the network?',
  },
  {
    name: 'documentation',
    question:
      'Where do documents, comments, help texts or examples say something else than the code does, or leave out what a user needs?',
  },
];

/** Lenses for a first look at a repository. */
export const EXPLORE_LENSES: readonly Lens[] = [
  {
    name: 'architecture',
    question:
      'What are the parts, their responsibilities, and who calls whom? Report one note per part, with its main file.',
  },
  {
    name: 'dependencies',
    question:
      'What does it depend on, inside and outside, and what for? Report one note each; warnings for what is unused, doubled or outdated.',
  },
  {
    name: 'patterns',
    question:
      'Which patterns and conventions recur, with an example each? Report one note per pattern; warnings where they are broken.',
  },
  {
    name: 'complexity',
    question:
      'Which files and functions are the hardest to understand or change, and why? Report the ten worst.',
  },
];

/** Which lenses look, and at what. */
export interface LensOptions extends RunOptions {
  readonly kind: 'review' | 'explore';
  readonly lenses: readonly Lens[];
  /** Repo-relative paths to look at; everything when empty. */
  readonly paths: readonly string[];
  /** Commit or branch whose difference to the tree is looked at; everything when absent. */
  readonly since?: string;
}

/** Everything that was found, once each, and who looked. */
export interface LensReport {
  readonly id: string;
  readonly findings: readonly Finding[];
  readonly verdicts: readonly LensVerdict[];
  readonly spentUsd: number;
}

/** One agent per lens, all at once, reading only; one that fails stops no other. */
export async function runLenses(options: LensOptions): Promise<LensReport> {
  const home = await openRunHome(options);
  const graph = lensGraph(options);
  const settings: RunOptions = {
    ...options,
    graph,
    inPlace: true,
    isolated: true,
    silent: true,
    permissions: { level: 'read', tools: [] },
    template: options.template ?? readPromptTemplate(home.store, home.home.squadDir, 'lens'),
  };
  const book = await openBook(home, graph, settings);
  const report = await runPlans({ ...settings, runId: book.run.id });
  const done = openRunBook(home.store, home.home.squadDir, book.run.id) ?? book;
  const results = report.items.map((item, index) => {
    const name = options.lenses[index]?.name ?? item.key;
    const found = item.state === 'done' ? parseFindings(done.answer(item.key), name) : undefined;
    const reason = item.state === 'done' ? 'gave no JSON findings' : item.reason;
    const verdict: LensVerdict = {
      name,
      isComplete: found !== undefined,
      count: found?.length ?? 0,
      ...(reason && { reason }),
    };
    return { verdict, found: found ?? [] };
  });
  return {
    id: report.id,
    findings: mergeFindings(results.flatMap(({ found }) => found)),
    verdicts: results.map(({ verdict }) => verdict),
    spentUsd: report.spentUsd,
  };
}

function lensGraph({ kind, lenses, paths, since }: LensOptions): TaskGraph {
  const scope = [
    ...(since === undefined ? [] : [`Look only at what changed since ${since}: git diff ${since}`]),
    ...(paths.length === 0 ? [] : [`Look only at: ${paths.join(', ')}`]),
  ];
  return buildTaskGraph(
    lenses.map(({ name, question }): Task => ({
      ...TASK_DEFAULTS,
      id: `${kind}-${name}`,
      title: name,
      detail: [question, ...scope].join('\n\n'),
      source: { path: '', line: 1 },
    })),
  ).graph;
}
