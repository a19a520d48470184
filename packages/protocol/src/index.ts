export {
  ACCESS_LEVELS,
  ENFORCEMENT_MODES,
  ownershipMatrixSchema,
  ownershipRuleSchema,
} from './ownership-record.ts';
export type { Access, EnforcementMode, OwnershipMatrix, OwnershipRule, Zone } from './ownership-record.ts';
export { COORDINATOR_ID, parseAgentId } from './agent-id.ts';
export type { AgentId } from './agent-id.ts';
export { consistsOf, isAlphanumeric, isControl, isDigit, isNameUnit } from './characters.ts';
export { parseInstant, renderInstant } from './clock.ts';
export type { Clock } from './clock.ts';
export type * from './comm-record.ts';
export { hasErrors, rangeAt, renderDiagnostic } from './diagnostic.ts';
export type { Diagnostic, Position, Range } from './diagnostic.ts';
export type { DiagnosticCode } from './diagnostic-code.ts';
export { parseDuration, renderDuration } from './duration.ts';
export type { ErrorCode } from './error-code.ts';
export { EXIT } from './exit-code.ts';
export type { ExitCode } from './exit-code.ts';
export { createIdSource } from './id.ts';
export type { IdSource } from './id.ts';
export { journalEventSchema } from './journal-event.ts';
export type { JournalEvent } from './journal-event.ts';
export { lazily } from './lazily.ts';
export { nearest } from './nearest.ts';
export { planHeaderSchema } from './plan-record.ts';
export type { PlanHeader, PlanTask, TaskFiles } from './plan-record.ts';
export { pathUri } from './path-uri.ts';
export { oneLine, printable, printableLine } from './printable.ts';
export { isWithin, parseRepoPath } from './repo-path.ts';
export type { RepoPath } from './repo-path.ts';
export { requireDuration } from './require-duration.ts';
export { err, ok, type Result } from './result.ts';
export * as schema from './schema.ts';
export type { JsonSchema, Misfit, Schema } from './schema.ts';
export { escapeHidden, hasHidden, pasteableWord, shellWord } from './shell-word.ts';
export { isSquadError, SquadError } from './squad-error.ts';
export { parseStatus, STATUSES } from './status.ts';
export type { Status } from './status.ts';
