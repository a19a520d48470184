export { inferFiles } from './infer/infer-files.ts';
export type { Commit, RepositoryEvidence } from './infer/evidence.ts';
export type * from './model.ts';
export { makePlan } from './plan/make-plan.ts';
export type { PlanInput } from './plan/make-plan.ts';
export { withAdded } from './plan/prepared.ts';
export { readAgentFile } from './plan/agent-file.ts';
export type { Plan } from './plan/plan.ts';
export type { HandoffCost } from './plan/agent-count.ts';
export type { Role } from './plan/role.ts';
export { FORMATS, readDocument, readFolder } from './read/read-document.ts';
export type { ReadOptions } from './read/read-document.ts';
export type { RawDocument } from './read/source-input.ts';
export { matrixOf } from './render/matrix.ts';
export { renderPlanFiles } from './render/plan-files.ts';
export { planJson } from './render/plan-json.ts';
export { renderReport } from './render/report.ts';
export { createProblem } from './schedule/problem.ts';
export type { Problem } from './schedule/problem.ts';
export { searchAllocation } from './allocate/search.ts';
export type { Effort } from './allocate/search.ts';
export { checkDocument } from './check/check-document.ts';
export { checkTeam } from './check/check-team.ts';
export { readPlanFile } from './check/read-plan-file.ts';
export type { Begun, TaskProgress } from './plan/progress.ts';
export { toGithubAnnotations, toSarif } from './render/sarif.ts';
export { EXPORT_FORMATS, exportDocument } from './write-back/export-document.ts';
export type { ExportedFile } from './write-back/export-document.ts';
export { tickTasks } from './write-back/tick-tasks.ts';
export type { Ticked } from './write-back/tick-tasks.ts';
export { COMMIT_LOG_ARGUMENTS, parseCommitLog } from './infer/commit-log.ts';
export {
  lastTouched,
  missingPaths,
  parseRemovals,
  parseRenames,
  removalArguments,
  renameArguments,
} from './infer/renames.ts';
export { inputQuality } from './infer/quality.ts';
export { applyAnswers } from './infer/answers.ts';
export { openQuestions, renderQuestions } from './infer/questions.ts';
export { exactMakespan } from './schedule/exact-makespan.ts';
export { searchCapacity } from './schedule/capacity-search.ts';
export { toGeneralForm } from './schedule/general-form.ts';
export { levelsOf } from './schedule/levels.ts';
export { tightLowerBound } from './schedule/lower-bound.ts';
export { compactRows, patternOf } from './plan/compact-rows.ts';
