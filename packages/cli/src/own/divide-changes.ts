import { isWithin, parseRepoPath } from '#protocol';
import { readRecordedChanges, toRepoPath } from '#store';
import type { Call } from '../shell/command.ts';
import { workingChanges, type Change } from './change.ts';
import { shareOf, type Editors, type Share } from './commit-share.ts';
import type { Finding } from './finding.ts';
import { judgeChange } from './judge-change.ts';
import { readWorkingFile, type OwnershipDesk } from './open-ownership.ts';

/** A change of the checkout, and what of it goes into an agent's commit. */
export interface Divided {
  readonly path: string;
  readonly change: Change;
  readonly share: Share;
}

/** Divides what is changed in the checkout, or below the paths that the call names. */
export async function divideChanges(
  call: Call,
  desk: OwnershipDesk,
  agent: string,
): Promise<readonly Divided[]> {
  const { io } = call;
  const named = call.positionals.map((path) => toRepoPath(io.store, desk.squad, { path, cwd: io.cwd }));
  const isNamed = named.length > 0;
  const changes = await workingChanges(desk.squad.worktreeRoot, (path) => readWorkingFile(desk, path));
  const editors = readEditors(desk);
  const divided: Divided[] = [];
  for (const change of changes) {
    const { path } = change;
    const parsed = parseRepoPath(path);
    if (isNamed && !(parsed.ok && named.some((folder) => isWithin(folder, parsed.value)))) continue;
    const why = parsed.ok ? whyNobodys(change) : parsed.error;
    const share: Share =
      why === undefined ? await shareOf(desk, change, { agent, editors, isNamed }) : { kind: 'left', why };
    divided.push({ path, change, share });
  }
  return divided;
}

function whyNobodys({ path, isConflicted }: Change): string | undefined {
  if (isConflicted === true) return 'a merge in it is not settled';
  // Git's names are bytes; such a name could not be handed back to it.
  return path.includes('\uFFFD') ? 'its name is not UTF-8' : undefined;
}

// What the guard saw in this checkout.
function readEditors(desk: OwnershipDesk): Editors {
  const { store } = desk.call.io;
  const { squadDir, worktreeRoot } = desk.squad;
  const edits = store
    .list(`${squadDir}/.run/changed`)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length))
    .flatMap((agent) => readRecordedChanges(store, squadDir, agent).map((change) => ({ ...change, agent })))
    .filter((change) => change.worktreeRoot === worktreeRoot);
  return (path) => edits.filter((edit) => edit.path === path).map(({ agent }) => agent);
}

/** What matrix and leases say against the agent's own shares. */
export async function judgeShares(
  desk: OwnershipDesk,
  agent: string,
  divided: readonly Divided[],
): Promise<readonly Finding[]> {
  const bench = { ...desk, root: desk.squad.worktreeRoot };
  const actor = desk.actors.actor(agent);
  const findings: Finding[] = [];
  for (const { change, share } of divided) {
    if (share.kind === 'left') continue;
    const judged: Change = share.kind === 'part' ? { ...change, after: async () => share.text } : change;
    findings.push(...(await judgeChange(bench, { change: judged, actor })));
  }
  return findings;
}
