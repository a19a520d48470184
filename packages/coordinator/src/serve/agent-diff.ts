import { isSameAgent } from '#comms';
import { runGit } from '#git';
import type { Snapshot } from '../model/snapshot.ts';

const MAX_CHARACTERS = 400_000;

/** What an agent changed, as a patch: all of its own worktree, or in a shared tree the paths it leases or named. */
export async function agentDiff(snapshot: Snapshot, agent: string): Promise<string> {
  const own = snapshot.worktrees.find((tree) => tree.agent !== undefined && isSameAgent(tree.agent, agent));
  const main = snapshot.worktrees.find(({ isMain }) => isMain);
  const tree = own ?? main;
  if (tree === undefined) return 'there is no worktree\n';
  const named = [...snapshot.leases, ...snapshot.changes]
    .filter((each) => isSameAgent(each.agent, agent))
    .map(({ path }) => path);
  if (own === undefined && named.length === 0)
    return `${agent} has no worktree of its own and named no file\n`;
  const base = own === undefined || main?.head === undefined ? 'HEAD' : main.head;
  const paths = own === undefined ? [...new Set(named)].map((path) => `:(top,literal)${path}`) : [];
  const result = await runGit(
    ['diff', '--no-color', '--no-ext-diff', '--no-textconv', base, '--', ...paths],
    { cwd: tree.path },
  );
  if (result.stdout === '') return 'nothing differs\n';
  return result.stdout.length > MAX_CHARACTERS
    ? `${result.stdout.slice(0, MAX_CHARACTERS)}\n… cut\n`
    : result.stdout;
}
