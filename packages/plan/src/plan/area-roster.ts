import type { SourceDocument } from '../model.ts';
import type { WorkItem } from '../work/work-item.ts';
import type { Role } from './role.ts';

/**
 * One role for each area that the document names and that has tasks, when there are agents enough for all of them:
 * who builds the frontend is then not given the model. Empty when fewer than two areas are named.
 */
export function areaRoster(
  document: SourceDocument,
  items: readonly WorkItem[],
  agentCount: number,
): readonly Role[] {
  const wanted = new Set(items.flatMap(({ source }) => source.skills));
  const names = [...new Set(document.areas.map(({ area }) => area))].filter((area) => wanted.has(area));
  return names.length < 2 || names.length > agentCount ? [] : names.map((name) => ({ name, skills: [name] }));
}
