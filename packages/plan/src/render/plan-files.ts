import { renderFrontMatter } from '#markdown';
import type { PlanHeader } from '#protocol';
import type { Plan } from '../plan/plan.ts';
import { matrixOf } from './matrix.ts';
import { renderPlanBody, type BodyInput } from './plan-body.ts';
import { planHeaders } from './plan-header.ts';
import { indexTeam } from './team.ts';

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
    text: renderPlanFile(header, { team, matrix, likely: likelyFor(plan, header.agent) }),
  }));
}

/** One plan as a document. */
export function renderPlanFile(header: PlanHeader, known: Omit<BodyInput, 'header'>): string {
  return renderFrontMatter({ ...header }, renderPlanBody({ ...known, header }));
}

function likelyFor({ tasks }: Plan, agent: string): BodyInput['likely'] {
  return tasks.flatMap((task) =>
    task.agent === agent ? task.likely.map((file) => ({ ...file, task: task.id })) : [],
  );
}
