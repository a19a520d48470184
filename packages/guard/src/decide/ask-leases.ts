import { changeWords } from '#lock';
import type { RepoPath } from '#protocol';
import type { SquadView } from '../squad-view.ts';
import { lossLine, typedPath } from '../words.ts';
import type { Finding } from './finding.ts';
import { heldFinding, modeOf } from './judge-files.ts';
import { leaseFiles, obstaclesOf, type Lessee, type LostFile } from './lease-files.ts';

/** What the leases say of paths, and what the agent is to hear even if all is well. */
export interface LeaseWord {
  readonly findings: readonly Finding[];
  readonly told: readonly string[];
}

/**
 * Asks the leases whether an agent may write paths, and unless it only looks takes those that are free. A lease that the agent
 * lost is not taken again behind its back, even if nobody holds it now: what it knows of the file may be old.
 */
export function askLeases(
  view: SquadView,
  how: {
    readonly lessee: Lessee | undefined;
    readonly paths: readonly RepoPath[];
    readonly onlyLook: boolean;
    /** Where the agent would type a command. */
    readonly cwd: string;
  },
): LeaseWord {
  const { lessee, paths, onlyLook, cwd } = how;
  if (paths.length === 0) return { findings: [], told: [] };
  const { obstacles, losses, notices } =
    lessee === undefined || onlyLook
      ? { obstacles: obstaclesOf(view.locks, lessee?.agent ?? '', paths), losses: [], notices: [] }
      : leaseFiles(view.locks, lessee, paths);
  const held = obstacles.map((obstacle) => {
    const finding = heldFinding(view, obstacle, { agent: lessee?.agent, cwd });
    const changed = losses.find(({ path }) => path === finding.path)?.loss.changed;
    return changed === undefined
      ? finding
      : { ...finding, why: `${finding.why}; it ${changeWords(changed)}` };
  });
  const lost = losses
    .filter(({ path }) => !held.some((finding) => finding.path === path))
    .map((each) => lostFinding(view, each, { agent: lessee?.agent ?? '', cwd }));
  return { findings: [...held, ...lost], told: notices.map(lossLine) };
}

function lostFinding(
  view: SquadView,
  { path, loss }: LostFile,
  { agent, cwd }: { readonly agent: string; readonly cwd: string },
): Finding {
  const changed = loss.changed === undefined ? '' : `; it ${changeWords(loss.changed)}`;
  return {
    subject: path,
    path,
    code: 'lease-lost',
    mode: modeOf(view, path),
    why: `is not yours to write any more: ${loss.message} (token ${loss.token})${changed}`,
    next: [
      `look at it again, then take it: squad-lock acquire ${typedPath(view.home, cwd, path)} --agent ${agent}`,
    ],
  };
}
