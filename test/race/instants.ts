import type { Point, Rule, Violation } from './lease-lives.ts';

/** What no choice of instants, one for each point within its bounds and after what must come before it, can avoid. */
export function impossibleInstants(points: readonly Point[]): Violation[] {
  const violations: Violation[] = [];
  const earliest = new Map<Point, number>();
  const waitsFor = new Map<Point, number>(points.map((point) => [point, point.after.length]));
  const next = new Map<Point, Point[]>();
  for (const point of points)
    for (const { point: before } of point.after) next.set(before, [...(next.get(before) ?? []), point]);
  const ready = points.filter(({ after }) => after.length === 0);
  for (let point = ready.pop(); point !== undefined; point = ready.pop()) {
    let instant = point.from;
    let blamed: { rule: Rule; point: Point } | undefined;
    for (const each of point.after) {
      const before = earliest.get(each.point) ?? -Infinity;
      if (before > instant) [instant, blamed] = [before, each];
    }
    if (instant > point.to && blamed !== undefined)
      violations.push({ rule: blamed.rule, words: `${point.words} came before ${blamed.point.words}` });
    earliest.set(point, Math.min(instant, point.to));
    for (const each of next.get(point) ?? []) {
      const left = (waitsFor.get(each) ?? 0) - 1;
      waitsFor.set(each, left);
      if (left === 0) ready.push(each);
    }
  }
  const stuck = points.find((point) => !earliest.has(point));
  if (stuck !== undefined) violations.push({ rule: 'order', words: circleWords(stuck, earliest) });
  return violations;
}

// Whatever is left has something left before it: going back must come round.
function circleWords(start: Point, earliest: ReadonlyMap<Point, number>): string {
  const way: Point[] = [];
  for (let point: Point | undefined = start; point !== undefined && !way.includes(point);) {
    way.push(point);
    point = point.after.find((each) => !earliest.has(each.point))?.point;
  }
  return `in a circle: ${way.map(({ words }) => words).join(', which came after ')}`;
}
