import { lazily } from './lazily.ts';

/** What an agent can say it is doing. */
export const STATUSES = [
  'READY',
  'ACTIVE',
  'WAITING',
  'BLOCKED',
  'REVIEW',
  'COMPLETE',
  'FAILED',
  'PAUSED',
  'STALE',
] as const;

/** One of {@link STATUSES}. */
export type Status = (typeof STATUSES)[number];

// Words of other dialects, folded to letters only.
const dialect = lazily<Readonly<Record<string, Status>>>(() => ({
  idle: 'READY',
  todo: 'READY',
  pending: 'READY',
  open: 'READY',
  backlog: 'READY',
  notstarted: 'READY',
  new: 'READY',
  available: 'READY',
  inprogress: 'ACTIVE',
  working: 'ACTIVE',
  doing: 'ACTIVE',
  started: 'ACTIVE',
  running: 'ACTIVE',
  wip: 'ACTIVE',
  busy: 'ACTIVE',
  claimed: 'ACTIVE',
  wait: 'WAITING',
  onhold: 'WAITING',
  queued: 'WAITING',
  stuck: 'BLOCKED',
  block: 'BLOCKED',
  impeded: 'BLOCKED',
  inreview: 'REVIEW',
  needsreview: 'REVIEW',
  reviewing: 'REVIEW',
  needsattention: 'REVIEW',
  done: 'COMPLETE',
  completed: 'COMPLETE',
  finished: 'COMPLETE',
  closed: 'COMPLETE',
  resolved: 'COMPLETE',
  success: 'COMPLETE',
  merged: 'COMPLETE',
  fail: 'FAILED',
  error: 'FAILED',
  errored: 'FAILED',
  aborted: 'FAILED',
  cancelled: 'FAILED',
  canceled: 'FAILED',
  crashed: 'FAILED',
  pause: 'PAUSED',
  suspended: 'PAUSED',
  stopped: 'PAUSED',
  dead: 'STALE',
  lost: 'STALE',
  timedout: 'STALE',
  timeout: 'STALE',
  offline: 'STALE',
}));

/** Reads a status word of this or another dialect (`in_progress`, `Done ✅`, `**active**`), else `undefined`. */
export function parseStatus(text: string): Status | undefined {
  const word = text.toLowerCase().replace(/[^a-z]/gu, '');
  return STATUSES.find((status) => status.toLowerCase() === word) ?? dialect()[word];
}
