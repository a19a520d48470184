// The parts of the lease protocol, for whoever drives them in another world: the explorer, the fault injector, a database.
export { apply } from './model/apply.ts';
export type { Applied } from './model/apply.ts';
export { findCycle } from './model/deadlock.ts';
export type { Lease, LockItem, Ticket } from './model/lease.ts';
export { emptyState } from './model/lock-state.ts';
export type { LockState } from './model/lock-state.ts';
export type { Moment } from './model/moment.ts';
export type { LockRecord } from './model/record.ts';
export { append } from './log/append-log.ts';
export type { Decide } from './log/append-log.ts';
export { placeOf } from './log/layout.ts';
export type { LogPlace } from './log/layout.ts';
export type { Protocol, ProtocolAnswer, ProtocolStep } from './log/protocol.ts';
export { catchUp } from './log/read-log.ts';
export type { LogView } from './log/read-log.ts';
export { withEvidence } from './service/evidence.ts';
