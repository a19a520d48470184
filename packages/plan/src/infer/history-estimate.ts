import type { Estimate, SourceTask } from '../model.ts';
import { wordsOf } from '../read/word-match.ts';
import type { Commit } from './evidence.ts';

const MIN_SIMILAR = 3;
const MAX_SIMILAR = 9;
const BASE_MINUTES = 30;
const LINES_PER_HOUR = 100;
const MOST_MINUTES = 480;

/**
 * Estimates from the size of similar commits: the median of the changed lines of the three to nine recent commits that share most
 * words (two at least) with the task, at 100 lines an hour and half an hour to begin with, eight hours at most.
 */
export function createHistoryEstimate(
  commits: readonly Commit[],
): (task: SourceTask) => Estimate | undefined {
  const byWord = new Map<string, number[]>();
  commits.forEach(({ subject }, index) => {
    for (const word of wordsOf(subject)) {
      const list = byWord.get(word);
      if (list === undefined) byWord.set(word, [index]);
      else list.push(index);
    }
  });
  return (task) => {
    const shared = new Map<number, number>();
    for (const word of wordsOf(task.title))
      for (const index of byWord.get(word) ?? []) shared.set(index, (shared.get(index) ?? 0) + 1);
    const similar = [...shared]
      .filter(([, count]) => count >= 2)
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, MAX_SIMILAR)
      .map(([index]) => (commits[index]?.files ?? []).reduce((sum, { lines }) => sum + lines, 0));
    if (similar.length < MIN_SIMILAR) return undefined;
    const lines = similar.sort((a, b) => a - b)[Math.floor(similar.length / 2)] ?? 0;
    const minutes = Math.min(MOST_MINUTES, BASE_MINUTES + Math.round((lines / LINES_PER_HOUR) * 4) * 15);
    return {
      minutes,
      reason: 'history',
      why: `${similar.length} similar commits changed ${lines} lines in the middle`,
    };
  };
}
