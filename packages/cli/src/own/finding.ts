import type { FileChange } from '#lock';
import type { RefusalReason } from '#ownership';
import type { Access } from '#protocol';
import { shownPath } from './path-words.ts';

/** Why a change is not in order: by the matrix, by the leases, or because two worktrees hold it. */
export type FindingReason =
  | RefusalReason
  | 'leased-by-another'
  | 'lease-lost'
  | 'not-leased'
  | 'changed-in-two-worktrees';

/** One change that is not in order. */
export interface Finding {
  readonly path: string;
  /** 1-based line of the path that shows it, where one does. */
  readonly line?: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly reason: FindingReason;
  /** Who changed it; `undefined` when that is not known. */
  readonly agent?: string;
  readonly owner: string;
  readonly access: Access;
  /** The rule that speaks for the path; absent for the default. */
  readonly rule?: { readonly pattern: string; readonly line: number };
  /** One sentence of evidence. */
  readonly message: string;
  /** Of a lost lease: how the file differs from what it was when the lease was granted, where that is known. */
  readonly changed?: FileChange;
  /** Commands to go on with. */
  readonly next: readonly string[];
  readonly commit?: string;
  readonly worktree?: string;
}

/** What was looked at, and what is wrong with it. */
export interface CheckReport {
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/** True when any finding refuses. */
export function isRefused(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** Findings as a person reads them: what, why, what next. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const path = shownPath(finding.path);
      const place = finding.line === undefined ? path : `${path}:${finding.line}`;
      const head = `${place} ${finding.severity} ${finding.reason}: ${finding.message}`;
      return [head, ...finding.next.map((command) => `  next: ${command}`)].join('\n');
    })
    .join('\n');
}
