import { join } from 'node:path';
import { git } from '#git';
import type { Candidate, Selection } from './candidate.ts';
import type { Forecast } from './forecast.ts';
import type { MergeWorld } from './world.ts';

/** A pull request that is ready to be opened by hand or by `gh`. */
export interface PullRequestDraft {
  readonly name: string;
  readonly title: string;
  /** Absolute path of the written body. */
  readonly bodyFile: string;
  readonly commands: readonly string[];
}

/** Writes a body per branch, in the order of merging, and the commands that push and open it. Needs no network. */
export async function draftPullRequests(
  world: MergeWorld,
  selection: Selection,
  forecast: Forecast,
): Promise<readonly PullRequestDraft[]> {
  const folder = join(
    world.home.squadDir,
    'merge',
    `pull-requests-${selection.target.replace(/\W+/gu, '-')}`,
  );
  const drafts: PullRequestDraft[] = [];
  for (const name of forecast.order) {
    const candidate = selection.candidates.find((each) => each.name === name);
    if (candidate === undefined) continue;
    const bodyFile = join(folder, `${name}.md`);
    const subjects = await subjectsOf(world, selection, candidate);
    const title =
      candidate.purpose?.split('\n')[0] ?? (subjects.length === 1 ? subjects[0] : undefined) ?? name;
    world.store.writeAtomic(bodyFile, bodyOf(candidate, subjects, { selection, forecast }));
    drafts.push({
      name,
      title,
      bodyFile,
      commands: [
        `git push --set-upstream origin ${candidate.branch}`,
        `gh pr create --base ${selection.target} --head ${candidate.branch} --title ${quote(title)} --body-file ${quote(bodyFile)}`,
      ],
    });
  }
  return drafts;
}

async function subjectsOf(
  { home }: MergeWorld,
  { targetCommit }: Selection,
  { tip }: Candidate,
): Promise<readonly string[]> {
  const args = ['log', '--reverse', '--no-merges', '--format=%s', `${targetCommit}..${tip}`];
  return (await git(args, { cwd: home.mainRoot })).split('\n').filter((line) => line !== '');
}

function bodyOf(
  candidate: Candidate,
  subjects: readonly string[],
  { selection, forecast }: { selection: Selection; forecast: Forecast },
): string {
  const place = forecast.order.indexOf(candidate.name) + 1;
  const meets = forecast.pairs
    .filter(({ a, b, kind }) => kind === 'conflict' && (a === candidate.name || b === candidate.name))
    .map(({ a, b, files }) => `- ${a === candidate.name ? b : a}: ${files.join(', ')}`);
  const lines = [
    ...(candidate.purpose === undefined ? [] : [candidate.purpose, '']),
    '## Commits',
    '',
    ...subjects.map((subject) => `- ${subject}`),
    '',
    '## Merging',
    '',
    `Number ${place} of ${forecast.order.length} into ${selection.target}${candidate.dependsOn.length === 0 ? '' : `, after ${candidate.dependsOn.join(', ')}`}.`,
    ...(meets.length === 0 ? [] : ['', 'Conflicts to expect with:', '', ...meets]),
  ];
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
