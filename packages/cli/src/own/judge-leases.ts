import { runGit } from '#git';
import { changeWords, pathResource, type HeldLease, type Locks } from '#lock';
import type { Resolution } from '#ownership';
import { parseRepoPath, renderDuration } from '#protocol';
import type { Finding, FindingReason } from './finding.ts';
import { createFinding, sentence, type Made } from './made-change.ts';
import { nextCommands } from './next-commands.ts';
import type { TypedPath } from './path-words.ts';

interface Ruling {
  readonly resolution: Resolution;
  readonly needsLease: boolean;
  readonly root: string;
  readonly matrixPath: string;
  readonly typed: (path: string) => TypedPath;
}

/** What the leases say against a change that the matrix allows. */
export async function judgeLeases(locks: Locks, made: Made, ruling: Ruling): Promise<readonly Finding[]> {
  const { change, actor } = made;
  const named = parseRepoPath(change.path);
  if (!named.ok) return unleasable(made, ruling, named.error);
  const resource = pathResource(named.value);
  const own = actor === undefined ? undefined : locks.verify({ agent: actor.agent, resource });
  const changed = own?.kind === 'invalid' ? own.changed : undefined;
  const find = (reason: FindingReason, severity: Finding['severity'], why: string): Finding => ({
    ...createFinding(made, ruling.resolution, {
      reason,
      severity,
      message: `${sentence(made)}; ${why}${changed === undefined ? '' : `; the file ${changeWords(changed)}`}`,
      next: nextCommands(reason, ruling.typed(change.path), ruling),
    }),
    ...(changed === undefined ? {} : { changed }),
  });
  const rival = locks
    .leasesOn(resource)
    .find(({ agent, mode, reserved }) => agent !== actor?.agent && mode === 'exclusive' && !reserved);
  if (rival !== undefined) return [find('leased-by-another', 'error', holderWords(rival))];
  if (own === undefined || own.kind === 'valid' || !ruling.needsLease) return [];
  const loss = await findLoss(locks, made, ruling.root);
  if (loss !== undefined) return [find('lease-lost', 'error', loss)];
  // A path that no rule names is free to whoever comes first.
  const severity = ruling.resolution.kind === 'default' ? 'info' : 'error';
  return [find('not-leased', severity, 'SEQUENTIAL, and no lease on it is held')];
}

// Nobody can hold it, so nobody else does; the matrix allowed it, but one at a time.
function unleasable(made: Made, { resolution, needsLease }: Ruling, problem: string): readonly Finding[] {
  if (!needsLease) return [];
  return [
    createFinding(made, resolution, {
      reason: 'not-leased',
      severity: resolution.kind === 'default' ? 'info' : 'error',
      message: `${sentence(made)}; SEQUENTIAL, and no lease can be taken of it: ${problem}`,
      next: ['rename the file'],
    }),
  ];
}

function holderWords(lease: HeldLease): string {
  const purpose = lease.purpose === undefined ? '' : ` for "${lease.purpose}"`;
  const left = renderDuration(lease.remainingMs);
  return `${lease.agent} holds ${lease.resource}${purpose} for another ${left} (token ${lease.token})`;
}

// A lease that lapsed unnoticed is harmless as long as nobody touched the file meanwhile.
async function findLoss(locks: Locks, { change, actor }: Made, root: string): Promise<string | undefined> {
  const history = locks.history(pathResource(change.path));
  const mine = history.findLast(({ event, agent }) => event === 'acquired' && agent === actor?.agent);
  if (mine === undefined) return undefined;
  const later = history.filter(({ position }) => position > mine.position);
  if (later.some(({ event, agent }) => event === 'released' && agent === actor?.agent)) return undefined;
  const lost = `your lease (token ${mine.token}) ended`;
  const successor = later.find(({ event, agent }) => event === 'acquired' && agent !== actor?.agent);
  if (successor !== undefined) {
    return `${lost}, and ${successor.agent} held it since (token ${successor.token}): look at what changed first`;
  }
  const commit = await runGit(['log', '-1', '--format=%ct %h %an', '--', change.path], { cwd: root });
  const [seconds, name, ...author] = commit.stdout.trim().split(' ');
  const isNewer = Number(seconds) * 1000 > mine.at;
  return isNewer ? `${lost}, and ${author.join(' ')} committed the file since (${name})` : undefined;
}
