import { displayResource, pathResource, type Obstacle } from '#lock';
import { judgeWrite, type Actor, type TextChange, type WriteVerdict } from '#ownership';
import { pasteableWord, printableLine, type EnforcementMode, type RepoPath } from '#protocol';
import type { SquadView } from '../squad-view.ts';
import { obstacleWords, typedPath } from '../words.ts';
import type { Finding } from './finding.ts';
import type { Permit } from './permits.ts';
import { toldLine } from '../told-line.ts';

/** Who writes what. */
export interface FileQuestion {
  readonly view: SquadView;
  /** Where the agent would type a command. */
  readonly cwd: string;
  /** `undefined` for a session that nobody named: it can take no leases. */
  readonly actor: Actor | undefined;
  readonly paths: readonly RepoPath[];
  /** What the agent has been handed by the owners, asked only when the matrix refuses. */
  readonly permit: Permit;
  /** What becomes of a path's text, where the tool tells it; asked only of files that are shared by regions. */
  readonly changeOf: (path: RepoPath) => TextChange | undefined;
}

/** What the matrix says of paths. */
export interface MatrixWord {
  readonly findings: readonly Finding[];
  /** Paths that remain to be asked of the leases, and taken. */
  readonly open: readonly RepoPath[];
  /** Paths that each writes a part of: nobody's lease is needed, but one may be in the way. */
  readonly shared: readonly RepoPath[];
}

/** The matrix's word on each path. */
export async function judgeByMatrix(question: FileQuestion): Promise<MatrixWord> {
  const { paths, permit } = question;
  const actor = question.actor ?? { agent: '', roles: [] };
  const findings: Finding[] = [];
  const open: RepoPath[] = [];
  const shared: RepoPath[] = [];
  for (const path of paths) {
    const verdict = judgePath(question, actor, path);
    const isAllowed =
      verdict.kind === 'allowed' ||
      (verdict.reason === 'owned-by-another' && (await permit.covers(path, verdict.resolution)));
    if (isAllowed) (isPartitioned(verdict) ? shared : open).push(path);
    else findings.push(refusedByMatrix(question, path, verdict));
  }
  return { findings, open, shared };
}

// Text is compared only where it decides: in files that are shared by regions.
function judgePath({ view, changeOf }: FileQuestion, actor: Actor, path: RepoPath): WriteVerdict {
  const verdict = judgeWrite(view.matrix, { path, actor });
  const change = verdict.kind === 'allowed' && isPartitioned(verdict) ? changeOf(path) : undefined;
  return change === undefined ? verdict : judgeWrite(view.matrix, { path, actor, change });
}

function isPartitioned({ resolution }: WriteVerdict): boolean {
  return resolution.kind !== 'ambiguous' && resolution.rule.access === 'PARTITIONED';
}

/** The mode that the matrix sets for a path. */
export function modeOf(view: SquadView, path: RepoPath): EnforcementMode {
  const { resolution } = judgeWrite(view.matrix, { path, actor: { agent: '', roles: [] } });
  return resolution.kind === 'ambiguous' ? 'block' : (resolution.rule.mode ?? 'block');
}

/** The finding for a path whose lease another has. */
export function heldFinding(
  view: SquadView,
  obstacle: Obstacle,
  by: { readonly agent: string | undefined; readonly cwd: string },
): Finding {
  const wanted = displayResource(obstacle.wanted);
  const path = wanted as RepoPath;
  const as = by.agent === undefined ? '' : ` --agent ${by.agent}`;
  const file = obstacle.wanted.startsWith('op:')
    ? pasteableWord(wanted)
    : typedPath(view.home, by.cwd, wanted);
  return {
    subject: wanted,
    path,
    code: 'held',
    mode: modeOf(view, path),
    why: obstacleWords(obstacle),
    next: [`wait for it: squad-lock acquire ${file} --wait 2m${as}`],
  };
}

/** The resource of a path, exactly as spelled. */
export function resourceOf(path: RepoPath): string {
  return pathResource(path);
}

function refusedByMatrix(
  question: FileQuestion,
  path: RepoPath,
  verdict: Extract<WriteVerdict, { kind: 'refused' }>,
): Finding {
  const { resolution, reason, mode, why } = verdict;
  const rule =
    resolution.kind === 'ruled' ? ` (.squad/ownership.yaml:${resolution.rule.line}, ${resolution.why})` : '';
  const because =
    resolution.kind === 'ruled' && resolution.rule.why !== undefined ? `; ${resolution.rule.why}` : '';
  return {
    subject: path,
    path,
    code: reason,
    mode,
    why: `is ${toldLine(`${why}${rule}${because}`, 400)}`,
    next: nextFor(question, path, verdict),
  };
}

function nextFor(
  { view, cwd, actor }: FileQuestion,
  path: RepoPath,
  { resolution, reason }: Extract<WriteVerdict, { kind: 'refused' }>,
): readonly string[] {
  const file = typedPath(view.home, cwd, path);
  switch (reason) {
    case 'owned-by-another': {
      const owner = resolution.kind === 'ambiguous' ? '' : pasteableWord(resolution.rule.owner);
      const to = actor === undefined ? "'<your id>'" : actor.agent;
      return [
        `ask for it: squad-comms ask ${owner} ${quoted(`please hand me ${path}: <why>`)}`,
        `${owner} hands it over with: squad-comms handoff ${to} --file ${pasteableWord(path)}`,
      ];
    }
    case 'read-only':
      return [`if it must change, a person changes its rule: squad-own who ${file}`];
    case 'ambiguous':
      return ['two rules disagree; a person decides: squad-own lint'];
    case 'foreign-fragment':
    case 'foreign-region':
      return [`write only your own part of it: squad-own who ${file}`];
  }
}

// In double quotes unless a shell would read something in them.
function quoted(text: string): string {
  return /["$`\\!]/u.test(text) ? pasteableWord(text) : `"${printableLine(text, 300)}"`;
}
