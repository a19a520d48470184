export { changeWords, describeCycle, lossLine } from './service/describe.ts';
export type { LockPorts, LockSettings } from './service/desk.ts';
export type { HistoryEntry } from './service/history.ts';
export type * from './service/lock-request.ts';
export type { LockTable } from './service/look.ts';
export { openLocks } from './service/locks.ts';
export type { Locks } from './service/locks.ts';
export type { TransferOutcome } from './service/change.ts';
export type { WaitOptions } from './service/wait.ts';
export {
  displayResource,
  kindOfResource,
  parseResource,
  pathResource,
  resourcesOverlap,
} from './model/resource.ts';
export type { LeaseMode } from './model/resource.ts';
export { lockRecordSchema } from './model/record.ts';
export { holdLeases } from './service/lease-handle.ts';
export type { HeldLeases, HoldOptions } from './service/lease-handle.ts';
export { probeFilesystem } from './service/probe-filesystem.ts';
export type { FilesystemVerdict } from './service/probe-filesystem.ts';
export { knownFilesystem, learnFilesystem, requireFilesystem } from './service/require-filesystem.ts';
