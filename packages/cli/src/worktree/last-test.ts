import { isSameAgent } from '#comms';
import { renderDuration, renderInstant, type CommBlock, type CompletionBlock } from '#protocol';
import type { TestOutcome, WorktreeRecord } from '#worktree';

/** A test's last outcome, and whether one of our programs saw it or the agent says so. */
export interface KnownTest extends TestOutcome {
  readonly source: 'observed' | 'claimed';
}

/** What was last tested of a worktree: by the merge queue, or by the evidence of its agent's last completion. */
export function lastTestOf(record: WorktreeRecord, blocks: readonly CommBlock[]): KnownTest | undefined {
  const observed =
    record.lastTest === undefined ? undefined : { ...record.lastTest, source: 'observed' as const };
  const claimed = blocks
    .filter((block) => block.kind === 'completion')
    .filter(({ author }) => isSameAgent(author, record.agent ?? record.name))
    .flatMap((block) => claimOf(block) ?? [])
    .findLast(({ at }) => at >= record.createdAt);
  if (observed === undefined || claimed === undefined) return observed ?? claimed;
  return claimed.at > observed.at ? claimed : observed;
}

function claimOf({ at, evidence }: CompletionBlock): KnownTest | undefined {
  const item = evidence.find(({ exitCode }) => exitCode !== 0) ?? evidence.at(-1);
  if (item === undefined || at === undefined) return undefined;
  const { command, exitCode, commit = '' } = item;
  return { command, exitCode, commit, at: renderInstant(at), source: 'claimed' };
}

/** One cell: how it came out, whether it judged what is checked out now, and how old it is. */
export function describeTest(test: KnownTest | undefined, head: string | undefined, now: number): string {
  if (test === undefined) return '-';
  const { commit, exitCode, at, source } = test;
  const age = renderDuration(now - Date.parse(at));
  const says = source === 'claimed' ? ', its agent says' : '';
  return `${exitCode === 0 ? 'green' : `red (exit ${exitCode})`} ${placeOf(commit, head)}, ${age} ago${says}`;
}

function placeOf(commit: string, head: string | undefined): string {
  if (commit === '') return 'at an unnamed commit';
  if (head?.startsWith(commit) === true) return 'this commit';
  return `at ${commit.slice(0, 8)}, older`;
}
