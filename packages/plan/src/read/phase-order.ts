import type { DraftStage } from './finish.ts';
import type { Outline } from './outline.ts';
import { stagesBySection } from './stages.ts';
import type { TaskDraft } from './task-draft.ts';

/**
 * The phases of a spec-kit document. Each is a barrier for the next, unless the section on their order says what that one waits for
 * and this one is not among it, as with stories that may run side by side.
 */
export function phaseStages(outline: Outline, drafts: readonly TaskDraft[]): readonly DraftStage[] {
  const stages = stagesBySection(drafts);
  const waits = waitsOf(outline, stages);
  return stages.map((stage, index) => {
    const next = waits.get(index + 1);
    return { ...stage, isBarrier: next === undefined || next.has(index) };
  });
}

const DEPENDS =
  /\b(?:depends? (?:up)?on|(?:can|may|must|should)? ?(?:only )?(?:start|begin|run)s? (?:right |only )?(?:after|once)|requires?|blocked by|waits? for)\b/iu;
const NONE = /\bno dependenc(?:y|ies)\b(?! on)|\b(?:can )?start immediately\b/iu;

/** By stage, the stages that the text says it waits for; stages of which it says nothing are absent. */
function waitsOf(outline: Outline, stages: readonly DraftStage[]): ReadonlyMap<number, ReadonlySet<number>> {
  const waits = new Map<number, Set<number>>();
  for (const text of orderItems(outline)) {
    const head = /^([^:：]{1,90})[:：]/u.exec(text.replace(/[*_`]/gu, ''));
    if (head === null) continue;
    const rest = text.replace(/[*_`]/gu, '').slice(head[0].length).slice(0, 400);
    const depends = DEPENDS.exec(rest);
    const isNegated = depends !== null && /\b(?:not|n['’]t)\s*$/iu.test(rest.slice(0, depends.index));
    if (depends === null ? !NONE.test(rest) : isNegated) continue;
    const objects =
      depends === null
        ? []
        : named(
            rest
              .slice(depends.index + depends[0].length)
              .split(/[.;]|\s[—–-]\s|\bno dependenc|\bindependent|\bwithout\b|\bnot on\b|\bbut\b/iu)[0] ?? '',
            stages,
          );
    for (const stage of named(head[1] ?? '', stages)) {
      const known = waits.get(stage) ?? new Set<number>();
      for (const object of objects) if (object < stage) known.add(object);
      waits.set(stage, known);
    }
  }
  return waits;
}

function orderItems(outline: Outline): string[] {
  return outline.items
    .filter((item) => item.section.path.some((title) => /\b(?:dependenc|execution order)/iu.test(title)))
    .map((item) => item.text);
}

/** Indexes of the stages that a text names: `Phase 2`, `Phases 3-5`, `Phase 3+`, `US1`, `User Story 2`, `Foundational`, `all stories`. */
function named(text: string, stages: readonly DraftStage[]): number[] {
  const found = new Set<number>();
  stages.forEach(({ name }, index) => {
    const number = Number(/\b(?:phase|stage|フェーズ|阶段)\s*(\d+)/iu.exec(name)?.[1] ?? Number.NaN);
    const story = /\b(?:user story|us)\s*(\d+)/iu.exec(name)?.[1];
    const words = name.replace(/^[^:：]*[:：]\s*/u, '').split(/[\s(]/u)[0] ?? '';
    const isStory = story !== undefined;
    if (phaseRanges(text).some(([low, high]) => number >= low && number <= high)) found.add(index);
    else if (isStory && new RegExp(`\\b(?:user story|us)\\s*${story}\\b`, 'iu').test(text)) found.add(index);
    else if (
      isStory &&
      /\b(?:all|desired|every|whichever|user) (?:\w+ )?(?:user )?stories\b|\buser stories\b|\bevery story\b/iu.test(
        text,
      )
    )
      found.add(index);
    else if (
      !isStory &&
      words.length > 4 &&
      /^[\p{L}-]+$/u.test(words) &&
      new RegExp(`\\b${words}\\b`, 'iu').test(text)
    )
      found.add(index);
  });
  return [...found];
}

function phaseRanges(text: string): [number, number][] {
  return [
    ...text.matchAll(
      /\bphases?\s*(\d+)(?:\s*(?:[-–—]|to|through)\s*(\d+)|(\+))?((?:\s*(?:,|and|&)\s*\d+)*)/giu,
    ),
  ].flatMap((match) => {
    const low = Number(match[1]);
    const high = match[3] === '+' ? Number.MAX_SAFE_INTEGER : Number(match[2] ?? match[1]);
    const more = [...(match[4] ?? '').matchAll(/\d+/gu)].map((one): [number, number] => [
      Number(one[0]),
      Number(one[0]),
    ]);
    return [[low, high] as [number, number], ...more];
  });
}
