import type { PatternOptions } from '#glob';
import type { EnforcementMode } from '#protocol';
import type { CompiledMatrix } from './compiled-matrix.ts';
import { partitionOf } from './fragments.ts';
import { isOwner, type Actor } from './owner-name.ts';
import { findForeignChange } from './regions.ts';
import { resolveOwner, type Resolution } from './resolve-owner.ts';

/** A file's text before and after a write; `undefined` where it did not or will not exist. */
export interface TextChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Whether the matrix lets an agent write a path. Leases are another question: `needsLease` says when it is asked. */
export type WriteVerdict =
  | {
      readonly kind: 'allowed';
      readonly resolution: Resolution;
      readonly needsLease: boolean;
      readonly why: string;
    }
  | {
      readonly kind: 'refused';
      readonly resolution: Resolution;
      readonly reason: RefusalReason;
      readonly mode: EnforcementMode;
      readonly why: string;
      /** 1-based line of the change that is not the agent's, where known. */
      readonly line?: number;
    };

/** Why a write is not the agent's. */
export type RefusalReason =
  | 'owned-by-another'
  | 'read-only'
  | 'ambiguous'
  | 'foreign-fragment'
  | 'foreign-region';

/** What {@link judgeWrite} judges. */
export interface WriteAttempt {
  readonly path: string;
  readonly actor: Actor;
  /** Needed only to judge regions of PARTITIONED files; without it they are allowed. */
  readonly change?: TextChange;
}

/** Judges one write by the matrix alone. */
export function judgeWrite(matrix: CompiledMatrix, attempt: WriteAttempt): WriteVerdict {
  const { path, actor } = attempt;
  const resolution = resolveOwner(matrix, path);
  if (resolution.kind === 'ambiguous') {
    return { kind: 'refused', resolution, reason: 'ambiguous', mode: 'block', why: resolution.why };
  }
  const { rule } = resolution;
  const allowed = (why: string, needsLease = false): WriteVerdict => ({
    kind: 'allowed',
    resolution,
    needsLease,
    why,
  });
  const refused = (reason: RefusalReason, why: string, line?: number): WriteVerdict => ({
    kind: 'refused',
    resolution,
    reason,
    mode: rule.mode ?? 'block',
    why,
    ...(line === undefined ? {} : { line }),
  });
  switch (rule.access) {
    case 'READ-ONLY':
      return refused('read-only', 'READ-ONLY: nobody writes it');
    case 'EXCLUSIVE':
      return isOwner(rule.owner, actor)
        ? allowed(`EXCLUSIVE to ${rule.owner}, which is you`)
        : refused('owned-by-another', `EXCLUSIVE to ${rule.owner}`);
    case 'SEQUENTIAL':
      return allowed('SEQUENTIAL: one at a time, through a lease', true);
    case 'PARTITIONED':
      return resolution.kind === 'default'
        ? allowed('PARTITIONED by default')
        : judgePartition(attempt, { resolution, reading: matrix, allowed, refused });
  }
}

function judgePartition(
  { path, actor, change }: WriteAttempt,
  verdict: {
    resolution: Resolution & { kind: 'ruled' };
    reading: PatternOptions;
    allowed: (why: string) => WriteVerdict;
    refused: (reason: RefusalReason, why: string, line?: number) => WriteVerdict;
  },
): WriteVerdict {
  const { resolution, reading, allowed, refused } = verdict;
  const partition = partitionOf(resolution.rule, { path, agent: actor.agent }, reading);
  if (partition.kind === 'fragments') {
    return partition.isOwn
      ? allowed('PARTITIONED: your own fragment')
      : refused('foreign-fragment', `PARTITIONED: your fragments are ${partition.own.join(', ')}`);
  }
  if (change === undefined) return allowed('PARTITIONED: only inside your own region');
  const { before, after } = change;
  if (after === undefined)
    return refused('foreign-region', 'PARTITIONED: the file is shared and was deleted');
  const foreign = findForeignChange({ before, after, agent: actor.agent });
  if (foreign === undefined) return allowed('PARTITIONED: only your own region changed');
  const next = `write between "squad:begin ${actor.agent}" and "squad:end ${actor.agent}"`;
  return refused('foreign-region', `PARTITIONED: ${foreign.message}; ${next}`, foreign.line);
}
