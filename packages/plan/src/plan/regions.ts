import { at, listAt } from '../schedule/lists.ts';
import { areApart } from '../work/file-parts.ts';
import type { Draft } from './make-plan.ts';
import { play, problemWithout } from './form-minutes.ts';

/** A file whose writers keep to different parts of it, so that each agent could have a region of its own. */
export interface ProposedRegions {
  readonly path: string;
  /** Minutes by which everything would end sooner. */
  readonly savedMinutes: number;
  readonly parts: readonly {
    readonly task: string;
    readonly agent: string;
    readonly symbol: string;
    /** Line on which the part begins now. */
    readonly line: number;
  }[];
}

/** Files that agents write in turn though they name different parts, all of which the file has. */
export function proposedRegions(draft: Draft, agentIds: readonly string[]): readonly ProposedRegions[] {
  const { items, files, built, allocated } = draft;
  return files.paths.flatMap((path, file): ProposedRegions[] => {
    const writers = [...listAt(built.problem.writers, file)];
    const agents = new Set(writers.map((task) => at(allocated.agents, task)));
    if (agents.size < 2 || !areApart(items, writers, path)) return [];
    const parts = writers.flatMap((task) => {
      const { symbols = [], symbolLines = [] } = items[task]?.writes.find((each) => each.path === path) ?? {};
      return symbolLines.map((line, index) => ({
        task: items[task]?.id ?? '',
        agent: agentIds[at(allocated.agents, task)] ?? '',
        symbol: symbols[index] ?? '',
        line,
      }));
    });
    const isWhole = writers.every((task) => parts.some((part) => part.task === items[task]?.id));
    const free = play(problemWithout({ ...draft, problem: built.problem, file }))(allocated.agents).makespan;
    const savedMinutes = Math.max(0, allocated.makespan - free);
    return isWhole ? [{ path, savedMinutes, parts: parts.toSorted((a, b) => a.line - b.line) }] : [];
  });
}
