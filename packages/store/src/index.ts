export {
  bootId,
  hostName,
  identifyAgentProcess,
  identifyProcess,
  isGroupAlive,
  isPid,
  isSameProcess,
  livenessOf,
  processIdentitySchema,
  processStart,
} from './host.ts';
export { copyEntry, linkEntry, placedProcesses } from './carry-entry.ts';
export type { PlacedProcess } from './carry-entry.ts';
export type { Liveness, ProcessIdentity } from './host.ts';
export { journalPath, openJournal, readJournal } from './journal.ts';
export type { EventDraft, Journal, JournalReading } from './journal.ts';
export { byCodeUnit, createNodeStore } from './node-store.ts';
export type { FileSystem } from './node-store.ts';
export { randomBytes } from './entropy.ts';
export { readSteps, settleSteps } from './edit-steps.ts';
export type { EditStep } from './edit-steps.ts';
export { performFileStep } from './file-step.ts';
export type { FileAnswer, FileStep, StepFileSystem } from './file-step.ts';
export { readDescriptor } from './read-descriptor.ts';
export { forgetChanges, readRecordedChanges, readRecorders, recordChange } from './recorded-changes.ts';
export type { RecordedChange } from './recorded-changes.ts';
export {
  lastHeardOfSession,
  listSessions,
  noteSessionActed,
  readSession,
  sessionIdFrom,
  sessionRecordSchema,
  writeSession,
} from './session-record.ts';
export type { SessionRecord } from './session-record.ts';
export { claimSayings, saidIn } from './session-sayings.ts';
export { findSquadHome, locateRepository, requireSquadHome } from './squad-home.ts';
export type { SquadHome } from './squad-home.ts';
export { runningCommand } from './running-command.ts';
export type { RunningCommand } from './running-command.ts';
export { isSystemError } from './store.ts';
export type { EntryStat, Store } from './store.ts';
export { systemClock } from './system-clock.ts';
export { freshTwin, hashText, readTwin } from './twin.ts';
export type { TwinSpec } from './twin.ts';
export { pathInside, toRepoPath } from './work-path.ts';
export { watchEntry } from './watch-entry.ts';
export type { EntryWatch } from './watch-entry.ts';
