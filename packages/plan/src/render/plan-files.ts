import { renderFrontMatter } from '#markdown';
import type { OwnershipMatrix, PlanHeader } from '#protocol';
import type { Plan } from '../plan/plan.ts';
import { matrixOf } from './matrix.ts';
import { renderPlanBody } from './plan-body.ts';
import { planHeaders } from './plan-header.ts';
import { indexTeam, type TeamIndex } from './team.ts';

/** A file that an allocation writes. */
export interface PlanFile {
  /** Repo-relative. */
  readonly path: string;
  readonly text: string;
}

/** The plan of each agent, header and body. */
export function renderPlanFiles(plan: Plan): readonly PlanFile[] {
  const headers = planHeaders(plan);
  const team = indexTeam(headers);
  const matrix = matrixOf(plan);
  return headers.map((header, index) => ({
    path: plan.agents[index]?.plan ?? '',
    text: renderPlanFile(header, team, matrix),
  }));
}

/** One plan as a document. */
export function renderPlanFile(
  header: PlanHeader,
  team: TeamIndex,
  matrix: Pick<OwnershipMatrix, 'paths'>,
): string {
  return renderFrontMatter({ ...header }, renderPlanBody({ header, team, matrix }));
}
