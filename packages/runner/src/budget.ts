import type { AgentEnd } from './run-agent.ts';

/** Limits of a whole run. */
export interface BudgetLimits {
  readonly totalUsd?: number;
  /** As many failures of the same kind in a row open the breaker: the cause is not in the tasks. */
  readonly sameFailures?: number;
}

/** Counts what a run costs and says when to start nothing more. */
export interface Budget {
  readonly note: (end: AgentEnd) => void;
  readonly spentUsd: () => number;
  /** What is left for one more agent; `undefined` without a limit. */
  readonly leftUsd: () => number | undefined;
  /** Why nothing more may start; `undefined` while it may. */
  readonly openedBy: () => string | undefined;
}

const DEFAULT_SAME_FAILURES = 5;

/** A circuit breaker over money and repeated failure. Once open it stays open. */
export function createBudget(limits: BudgetLimits, alreadySpentUsd = 0): Budget {
  let spentUsd = alreadySpentUsd;
  let streak = 0;
  let lastReason = '';
  let reason: string | undefined;
  const sameFailures = limits.sameFailures ?? DEFAULT_SAME_FAILURES;
  const check = (): void => {
    if (limits.totalUsd !== undefined && spentUsd >= limits.totalUsd)
      reason ??= `the budget is used up: ${renderUsd(spentUsd)} of ${renderUsd(limits.totalUsd)}`;
    if (streak >= sameFailures) reason ??= `${streak} agents in a row failed alike: ${lastReason}`;
  };
  check();
  return {
    note(end) {
      spentUsd += end.costUsd ?? 0;
      const isSame = !end.ok && !end.isStopped && end.reason === lastReason;
      if (!end.isStopped) {
        streak = end.ok ? 0 : isSame ? streak + 1 : 1;
        lastReason = end.ok ? '' : end.reason;
      }
      check();
    },
    spentUsd: () => spentUsd,
    leftUsd: () => (limits.totalUsd === undefined ? undefined : Math.max(0, limits.totalUsd - spentUsd)),
    openedBy: () => reason,
  };
}

/** `$0.018`, `$12.30`. */
export function renderUsd(usd: number): string {
  return `$${usd < 1 && usd > 0 ? usd.toFixed(3) : usd.toFixed(2)}`;
}
