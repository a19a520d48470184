import type { Locks } from '#lock';
import { judgeWrite, type Actor, type CompiledMatrix, type Resolution } from '#ownership';
import type { EnforcementMode } from '#protocol';
import type { Finding } from './finding.ts';
import { judgeLeases } from './judge-leases.ts';
import { createFinding, sentence, type Made } from './made-change.ts';
import { nextCommands } from './next-commands.ts';
import type { TypedPath } from './path-words.ts';

/** What changes are judged by. */
export interface Bench {
  readonly matrix: CompiledMatrix;
  readonly matrixPath: string;
  readonly root: string;
  /** How the caller types a path. */
  readonly typed: (path: string) => TypedPath;
  /** Absent where leases are no evidence: for commits of other days and other machines. */
  readonly locks?: Locks;
}

const NOBODY: Actor = { agent: 'somebody', roles: [] };

/** Everything about one change that is not in order: by the matrix first, and where that allows it, by the leases. */
export async function judgeChange(bench: Bench, made: Made): Promise<readonly Finding[]> {
  const { change, actor } = made;
  const { path } = change;
  let verdict = judgeWrite(bench.matrix, { path, actor: actor ?? NOBODY });
  const { resolution } = verdict;
  if (isProtocolFile(path, resolution)) return [];
  if (resolution.kind === 'ruled' && resolution.rule.access === 'PARTITIONED' && actor !== undefined) {
    const texts = { before: await change.before(), after: await change.after() };
    verdict = judgeWrite(bench.matrix, { path, actor, change: texts });
  }
  if (verdict.kind === 'allowed') {
    return bench.locks === undefined
      ? []
      : judgeLeases(bench.locks, made, { ...bench, resolution, needsLease: verdict.needsLease });
  }
  const { reason, mode, why, line } = verdict;
  const finding = createFinding(made, resolution, {
    reason,
    severity: severityOf(mode, made),
    message: `${sentence(made)}${ruleWords(bench, resolution)}; ${why}`,
    next: nextCommands(reason, bench.typed(path), {
      matrixPath: bench.matrixPath,
      commit: made.commit,
      change,
    }),
  });
  return [line === undefined ? finding : { ...finding, line }];
}

/** What is not in order about a change of a commit, unless it is in order as any one of its authors'. */
export async function judgeAuthors(
  bench: Bench,
  authors: readonly Made['actor'][],
  made: Omit<Made, 'actor'>,
): Promise<readonly Finding[]> {
  let first: readonly Finding[] | undefined;
  for (const actor of authors) {
    const findings = await judgeChange(bench, { ...made, actor });
    if (findings.length === 0) return findings;
    first ??= findings;
  }
  return first ?? [];
}

// The protocol's own folder has writers of its own; a rule may still name it.
function isProtocolFile(path: string, resolution: Resolution): boolean {
  return resolution.kind === 'default' && path.startsWith('.squad/');
}

// A person who never said who she is, is told; only those whom the plans or the matrix name are held to it.
function severityOf(mode: EnforcementMode, { actor }: Made): Finding['severity'] {
  if (mode === 'observe') return 'info';
  return mode === 'warn' || actor === undefined || actor.isKnown === false ? 'warning' : 'error';
}

function ruleWords({ matrixPath }: Bench, resolution: Resolution): string {
  if (resolution.kind !== 'ruled') return '';
  return ` against ${resolution.rule.pattern} (${matrixPath}:${resolution.rule.line})`;
}
