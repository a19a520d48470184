import { relative } from 'node:path';
import { pathInside, type SquadHome } from '#store';
import { pasteableWord, renderDuration, renderInstant, type PlanTask } from '#protocol';
import type { LostLease, Obstacle } from '#lock';
import type { Finding } from './decide/finding.ts';
import { toldLine } from './told-line.ts';

const MAX_SHOWN = 5;

/**
 * What an agent is told when it may not: each reason, the next commands, another task. Parts that come from files or other
 * agents stand on one line, without control characters.
 */
export function renderRefusal(findings: readonly Finding[], another: PlanTask | undefined): string {
  const shown = findings.slice(0, MAX_SHOWN);
  const more = findings.length - shown.length;
  const next = [...new Set(shown.flatMap((finding) => finding.next))];
  return [
    ...shown.map(({ subject, why }) => `squad: ${toldLine(subject)} ${why}.`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...next.map((line) => `  ${line}`),
    ...(another === undefined ? [] : [`  or take another task of your plan: ${taskLine(another)}`]),
  ].join('\n');
}

/** `T-03 Build the API (src/api/a.ts)`. */
export function taskLine({ id, title, files }: PlanTask): string {
  const paths = [...files.create, ...files.modify].slice(0, 3).join(', ');
  return toldLine(`${id} ${title}${paths === '' ? '' : ` (${paths})`}`, 160);
}

/** Who is in the way, in words. */
export function obstacleWords(obstacle: Obstacle): string {
  const { kind, agent, resource, wanted, purpose, since, remainingMs, alive } = obstacle;
  const what = resource === wanted ? '' : ` through ${toldLine(resource, 100)}`;
  const for_ = purpose === undefined ? '' : ` for "${toldLine(purpose, 80)}"`;
  const left = remainingMs > 0 ? `, ${renderDuration(remainingMs)} left` : ', expired';
  const life = alive === 'dead' ? '; its process is gone' : '';
  const verb =
    kind === 'lease' ? 'is held by' : kind === 'reserved' ? 'is reserved for' : 'is wanted first by';
  return `${verb} ${agent}${what}${for_} since ${renderInstant(since)}${left}${life}`;
}

/** What a former holder is told. */
export function lossLine({ resource, why, by, reason }: LostLease): string {
  const because = reason === undefined ? '' : `: "${toldLine(reason, 120)}"`;
  return `squad: you no longer hold ${toldLine(resource, 120)} (${why}, ${by}${because}). Do not write it before you have acquired it again.`;
}

/** A path of the repository as a word of a command that is typed in `cwd`; outside of the checkout as typed at its root. */
export function typedPath({ worktreeRoot }: SquadHome, cwd: string, path: string): string {
  const folder = cwd === worktreeRoot ? undefined : pathInside(worktreeRoot, cwd);
  const near = folder === undefined ? path : relative(`/${folder}`, `/${path}`);
  return pasteableWord(near.startsWith('-') ? `./${near}` : near);
}
