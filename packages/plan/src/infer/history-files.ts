import type { FileRef, SourceTask } from '../model.ts';
import { wordsOf } from '../read/word-match.ts';
import type { Commit, FileIndex } from './evidence.ts';

// Robertson and Zaragoza, The Probabilistic Relevance Framework (2009): the usual values of BM25.
const K1 = 1.2;
const B = 0.75;
// Two words in common are the least that is not chance; a file far behind the best one is noise.
const LEAST_WORDS = 2;
const LEAST_SHARE = 0.5;
const MOST_FILES = 3;
const WEIGHT_OF_PATH = 2;
const MOST_COMMIT_FILES = 30;

/**
 * Finds files for a task without any by what the repository's own log says of them: each tracked file is a text of the subjects
 * of the commits that changed it and, twice, the words of its path; texts are ranked by BM25. At most three files with two words
 * in common at least, none below half the best score.
 */
export function createHistoryFiles(
  commits: readonly Commit[],
  index: FileIndex,
): (task: SourceTask) => readonly FileRef[] {
  const files: { readonly path: string; length: number }[] = [];
  const placeOf = new Map<string, number>();
  const postings = new Map<string, Map<number, number>>();
  const add = (path: string, words: ReadonlySet<string>, weight: number): void => {
    const file = placeOf.get(path) ?? files.push({ path, length: 0 }) - 1;
    placeOf.set(path, file);
    for (const word of words) {
      const counts = postings.get(word) ?? new Map<number, number>();
      postings.set(word, counts.set(file, (counts.get(file) ?? 0) + weight));
    }
    const entry = files[file];
    if (entry !== undefined) entry.length += weight * words.size;
  };
  for (const { subject, files: changed } of commits) {
    if (changed.length > MOST_COMMIT_FILES) continue;
    const words = wordsOf(subject);
    for (const { path } of changed) {
      if (!index.all.has(path)) continue;
      if (!placeOf.has(path)) add(path, wordsOf(path), WEIGHT_OF_PATH);
      add(path, words, 1);
    }
  }
  const average = files.reduce((sum, { length }) => sum + length, 0) / Math.max(1, files.length);
  return (task) => rank(task, { files, postings, average });
}

interface Corpus {
  readonly files: readonly { readonly path: string; readonly length: number }[];
  /** By word, how often each file has it. */
  readonly postings: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly average: number;
}

function rank(task: SourceTask, { files, postings, average }: Corpus): readonly FileRef[] {
  const scores = new Map<number, { score: number; readonly words: string[] }>();
  for (const word of wordsOf(task.title)) {
    const counts = postings.get(word) ?? new Map<number, number>();
    const rarity = Math.log(1 + (files.length - counts.size + 0.5) / (counts.size + 0.5));
    for (const [file, frequency] of counts) {
      const length = files[file]?.length ?? average;
      const known = scores.get(file) ?? { score: 0, words: [] };
      known.score += (rarity * frequency * (K1 + 1)) / (frequency + K1 * (1 - B + (B * length) / average));
      known.words.push(word);
      scores.set(file, known);
    }
  }
  const found = [...scores]
    .filter(([, { words }]) => words.length >= LEAST_WORDS)
    .sort((a, b) => b[1].score - a[1].score || a[0] - b[0]);
  const best = found[0]?.[1].score ?? 0;
  return found
    .filter(([, { score }]) => score >= best * LEAST_SHARE)
    .slice(0, MOST_FILES)
    .map(([file, { words }]) => ({
      path: files[file]?.path ?? '',
      mode: 'modify',
      rung: 7,
      why: `commits that changed it, and its path, speak of ${asWritten(task.title, words)}`,
    }));
}

/** The words of a title whose stems were found, as the title has them. */
function asWritten(title: string, stems: readonly string[]): string {
  const words = title.match(/[\p{L}\d]+/gu) ?? [];
  const found = words.filter((word) => [...wordsOf(word)].some((stem) => stems.includes(stem)));
  return [...new Set(found)].map((word) => `"${word}"`).join(', ');
}
