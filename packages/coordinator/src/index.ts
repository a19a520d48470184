export type * from './model/snapshot.ts';
export { createPerformer, type Performer, type PerformerPorts } from './act/perform.ts';
export { measure, percentile, type Metrics } from './journal/metrics.ts';
export { replay, type PastState } from './journal/past-state.ts';
export { renderMetrics, renderPrometheus } from './journal/render-metrics.ts';
export { pastRecord, renderPast } from './journal/render-past.ts';
export { createCoordinator, type Tick } from './loop/coordinator.ts';
export { runLoop } from './loop/run-loop.ts';
export {
  becomeCoordinator,
  readCoordinator,
  type CoordinatorRecord,
  type Instance,
} from './loop/single-instance.ts';
export { type Action } from './model/action.ts';
export { isConflict, type Finding } from './model/finding.ts';
export { type Judgement } from './model/judgement.ts';
export { followComms } from './observe/comm-follower.ts';
export { createCommLedger } from './observe/comm-ledger.ts';
export { type LeaseSource } from './observe/lease-source.ts';
export { lockLeases } from './observe/lock-leases.ts';
export { createObserver } from './observe/observe.ts';
export { readPolicy } from './reconcile/plan-actions.ts';
export { raiseId } from './reconcile/raise.ts';
export { reconcile } from './reconcile/reconcile.ts';
export { pressKey, type BoardRequest, type BoardState } from './report/board-keys.ts';
export { renderBoard, type BoardLine, type BoardView } from './report/render-board.ts';
export { renderChanges } from './report/render-lines.ts';
export { renderReport } from './report/render-report.ts';
export { renderStatus } from './report/render-status.ts';
export { statusRecord, type StatusRecord } from './report/status-record.ts';
export { agentDiff } from './serve/agent-diff.ts';
export { serveBoard } from './serve/board-server.ts';
export { pageData } from './serve/page-data.ts';
export { createMemoryStore, type StoreChange } from './simulate/memory-store.ts';
export { randomPlans } from './simulate/random-plans.ts';
export { runSimulation, type SimulationPlan, type SimulationResult } from './simulate/run-simulation.ts';
